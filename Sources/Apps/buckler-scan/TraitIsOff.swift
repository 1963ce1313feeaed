#if !Scanner
    import Foundation

    /// What the program is without the trait `Scanner`, to which its parsers belong: a refusal.
    @main struct TraitIsOff {
        static func main() {
            let text = "buckler-scan: built without its trait; swift build --traits Scanner --product buckler-scan\n"
            FileHandle.standardError.write(Data(text.utf8))
            exit(69)
        }
    }
#endif
