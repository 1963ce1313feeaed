extension ProblemCode {
    static let sessions: [ProblemCode] = []
}
