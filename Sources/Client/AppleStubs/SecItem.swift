#if !canImport(Security)
    import Foundation
    import Synchronization

    /// Adds an item to the Keychain of the current device.
    public func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
        let device = StubDevice.current
        guard let itemClass = attributes[kSecClass] as? CFString else { return errSecParam }
        let group = attributes[kSecAttrAccessGroup] as? String ?? device.accessGroups.first ?? ""
        guard device.accessGroups.contains(group) else { return errSecMissingEntitlement }
        let item = StubDevice.Item(
            itemClass: itemClass, group: group,
            accessibility: attributes[kSecAttrAccessible] as? CFString ?? kSecAttrAccessibleWhenUnlockedThisDeviceOnly,
            attributes: attributes.filter { $0.key != kSecValueData }, data: attributes[kSecValueData] as? Data,
            key: nil)
        return device.contents.withLock { $0.add(item) }
    }

    /// Finds items in the Keychain of the current device.
    public func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus {
        let device = StubDevice.current
        if let group = query[kSecAttrAccessGroup] as? String, !device.accessGroups.contains(group) {
            return errSecMissingEntitlement
        }
        let found = device.contents.withLock { contents in
            let matches = contents.items.filter { contents.matches($0, query, device.accessGroups) }
            return Found(items: matches, areReadable: matches.allSatisfy { contents.isReadable($0.accessibility) })
        }
        guard let first = found.items.first else { return errSecItemNotFound }
        guard found.areReadable else { return errSecInteractionNotAllowed }
        if query[kSecMatchLimit] as? CFString == kSecMatchLimitAll {
            result?.pointee = found.items.map { answer($0, query) }
        } else {
            result?.pointee = answer(first, query)
        }
        return errSecSuccess
    }

    /// Deletes every match.
    ///
    /// Items of a class that is not readable now can be deleted: deleting decrypts nothing.
    public func SecItemDelete(_ query: CFDictionary) -> OSStatus {
        let device = StubDevice.current
        if let group = query[kSecAttrAccessGroup] as? String, !device.accessGroups.contains(group) {
            return errSecMissingEntitlement
        }
        return device.contents.withLock { contents in
            let before = contents.items.count
            let snapshot = contents
            contents.items.removeAll { snapshot.matches($0, query, device.accessGroups) }
            return contents.items.count == before ? errSecItemNotFound : errSecSuccess
        }
    }

    /// `@unchecked Sendable`: values leave the mutex as immutable copies.
    private struct Found: @unchecked Sendable {
        let items: [StubDevice.Item]
        let areReadable: Bool
    }

    private func answer(_ item: StubDevice.Item, _ query: CFDictionary) -> Any {
        if query[kSecReturnRef] as? Bool == true, let key = item.key { return key }
        if query[kSecReturnAttributes] as? Bool == true {
            var attributes = item.attributes
            attributes[kSecAttrAccessGroup] = item.group
            attributes[kSecAttrAccessible] = item.accessibility
            if query[kSecReturnData] as? Bool == true { attributes[kSecValueData] = item.data }
            return attributes
        }
        return item.data ?? Data()
    }

    extension StubDevice.Contents {
        /// Adds unless an item with the same primary key exists or the protection class is closed now.
        mutating func add(_ item: StubDevice.Item) -> OSStatus {
            guard isReadable(item.accessibility) else { return errSecInteractionNotAllowed }
            guard !items.contains(where: { $0.hasSamePrimaryKey(as: item) }) else { return errSecDuplicateItem }
            items.append(item)
            return errSecSuccess
        }

        func matches(_ item: StubDevice.Item, _ query: CFDictionary, _ groups: [String]) -> Bool {
            guard groups.contains(item.group), query[kSecClass] as? CFString == item.itemClass else { return false }
            if let group = query[kSecAttrAccessGroup] as? String, group != item.group { return false }
            return [kSecAttrService, kSecAttrAccount, kSecAttrApplicationTag].allSatisfy { name in
                guard let wanted = query[name] else { return true }
                return text(wanted) == text(item.attributes[name])
            }
        }
    }
#endif
