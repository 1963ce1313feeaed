extension ProblemCode {
    static let authentication: [ProblemCode] = []
}
