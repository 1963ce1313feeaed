extension ProblemCode {
    static let secureChannel: [ProblemCode] = []
}
