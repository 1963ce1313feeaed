/// Holds what property lists declare against what code uses.
///
/// A use that demands a declaration is reported where the code stands, once for a project and topic: in an app's own folder the
/// declaration must be that app's, in shared code it may be anybody's. A declaration is reported as unused when no code of the
/// project, whichever target it belongs to, explains it. Libraries that are not in the project are not seen, so that is a note.
struct DeclarationPass: ProjectPass {
    private let rules: FactRules

    init(rules: FactRules) { self.rules = rules }

    func run(facts: [Fact], paths: [String]) -> [Finding] {
        let index = FactIndex(facts)
        return usageDescriptionsMissing(index) + reasonsMissing(index)
            + unused(FactTopic.usageDescriptions, "usage-description-unused", index)
            + unused(FactTopic.requiredReasons, "required-reason-unused", index)
            + unused(FactTopic.capabilities, "capability-unused", index)
    }

    // MARK: Use without declaration

    private func usageDescriptionsMissing(_ index: FactIndex) -> [Finding] {
        guard !index.map.apps.isEmpty else { return [] }
        var result: [Finding] = []
        for topic in FactTopic.usageDescriptions {
            let undeclared = index.demands(topic).first { use in
                if topic.keys.contains(where: index.mentioned.contains) { return false }
                let places = topic.keys.flatMap { index.declarations[$0] ?? [] }
                guard let app = index.map.target(of: use.path), app.isApp else { return places.isEmpty }
                return !places.contains { index.map.target(of: $0.path).map { $0 == app || !$0.isApp } ?? true }
            }
            guard let use = undeclared, let key = topic.keys.first else { continue }
            if let finding = rules.finding("usage-description-missing", at: use, key: key) { result.append(finding) }
        }
        return result
    }

    private func reasonsMissing(_ index: FactIndex) -> [Finding] {
        guard !index.map.apps.isEmpty else { return [] }
        guard !index.manifests.isEmpty else {
            let first = FactTopic.requiredReasons.lazy.compactMap { index.demands($0).first }.first
            return first.flatMap { rules.finding("privacy-manifest-missing", at: $0, key: $0.value) }.map { [$0] } ?? []
        }
        var result: [Finding] = []
        for topic in FactTopic.requiredReasons {
            let declared = index.declarations[topic.id] ?? []
            if declared.isEmpty {
                guard let use = index.demands(topic).first else { continue }
                if let finding = rules.finding(
                    "required-reason-missing", at: use, key: topic.id, related: related(index.manifests))
                {
                    result.append(finding)
                }
                continue
            }
            result += inTargets(topic, declared, index)
        }
        return result
    }

    /// Targets that have a manifest of their own, use the API in their own folder, and declare it only in another one's manifest.
    private func inTargets(_ topic: FactTopic, _ declared: [Fact], _ index: FactIndex) -> [Finding] {
        index.map.targets.compactMap { target in
            let manifests = index.manifests.filter { index.map.target(of: $0.path) == target }
            guard !manifests.isEmpty, !declared.contains(where: { index.map.target(of: $0.path) == target }),
                let use = index.demands(topic).first(where: { index.map.target(of: $0.path) == target })
            else { return nil }
            return rules.finding(
                "required-reason-missing-in-target", at: use, key: topic.id, related: related(manifests))
        }
    }

    private func related(_ manifests: [Fact]) -> [RelatedPlace] {
        manifests.prefix(5).map {
            RelatedPlace(path: $0.path, start: $0.start, end: $0.start, message: "privacy manifest")
        }
    }

    // MARK: Declaration without use

    private func unused(_ topics: [FactTopic], _ analyser: String, _ index: FactIndex) -> [Finding] {
        guard index.hasCode else { return [] }
        var explained: [String: Bool] = [:]
        for topic in topics {
            for key in topic.keys { explained[key] = (explained[key] ?? false) || index.used.contains(topic.id) }
        }
        return explained.filter { !$0.value }.keys.sorted().flatMap { key in
            (index.declarations[key] ?? []).compactMap { rules.finding(analyser, at: $0, key: key) }
        }
    }
}

/// Facts in the order in which questions need them.
struct FactIndex {
    let map: TargetMap
    let declarations: [String: [Fact]]
    let mentioned: Set<String>
    let manifests: [Fact]
    /// Topics that some code uses.
    let used: Set<String>
    private let uses: [String: [Fact]]

    init(_ facts: [Fact]) {
        map = TargetMap(facts)
        let declared = facts.filter { $0.kind == DeclarationFactPass.declared }
        declarations = Dictionary(grouping: declared, by: \.value)
        mentioned = Set(facts.lazy.filter { $0.kind == DeclarationFactPass.mentioned }.map(\.value))
        manifests = facts.filter { $0.kind == DeclarationFactPass.manifest }
        used = Set(facts.lazy.filter { $0.kind == CodeFactPass.use || $0.kind == CodeFactPass.hint }.map(\.value))
        let uses = facts.filter { $0.kind == CodeFactPass.use && $0.context == .production }
        self.uses = Dictionary(grouping: uses, by: \.value)
    }

    /// Whether the scan saw code at all.
    var hasCode: Bool { !used.isEmpty }

    /// The uses that demand a declaration, those in an app's own folder first.
    func demands(_ topic: FactTopic) -> [Fact] {
        let all = uses[topic.id] ?? []
        return all.filter { map.target(of: $0.path)?.isApp == true }
            + all.filter { map.target(of: $0.path)?.isApp != true }
    }
}
