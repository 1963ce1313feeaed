/// Chooses the front end for a language.
///
/// Without the trait `Scanner` there is no parser of Swift, and no program: `buckler-scan` is not built then.
package enum FrontEnds {
    /// The tree of a file; a language without a front end gives a root alone.
    package static func tree(of source: SourceText, language: Language) -> CodeTree {
        switch language {
        #if Scanner
            case .swift: return SwiftFrontEnd.tree(of: source)
        #else
            case .swift: return empty(source, language)
        #endif
        case .objectiveC: return ObjectiveCFrontEnd.tree(of: source)
        case .propertyList: return PropertyListFrontEnd.tree(of: source)
        case .json: return JSONFrontEnd.tree(of: source)
        case .xml: return XMLFrontEnd.tree(of: source)
        case .text: return empty(source, language)
        }
    }

    /// The file as one node.
    private static func empty(_ source: SourceText, _ language: Language) -> CodeTree {
        var builder = TreeBuilder(source: source, language: language)
        return builder.finish()
    }
}
