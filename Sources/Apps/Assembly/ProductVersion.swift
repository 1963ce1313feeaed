/// The version of this source tree.
package enum ProductVersion {
    /// Semantic version.
    package static let text = "0.1.0"
}
