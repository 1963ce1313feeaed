import Foundation

func read(_ data: Data, _ parser: XMLParser, _ buffer: UnsafePointer<CChar>, _ count: Int32) throws {
    // ruleid: xml-external-entities
    parser.shouldResolveExternalEntities = true
    // ok: xml-external-entities
    parser.shouldResolveExternalEntities = false
    // ruleid: xml-external-entities
    parser.externalEntityResolvingPolicy = .always
    // ok: xml-external-entities
    parser.externalEntityResolvingPolicy = .never
    // ruleid: xml-external-entities
    let first = xmlReadMemory(buffer, count, nil, nil, Int32(XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue))
    // ok: xml-external-entities
    let second = xmlReadMemory(buffer, count, nil, nil, Int32(XML_PARSE_NONET.rawValue))
    // ruleid: xml-external-entities
    let document = try XMLDocument(data: data, options: [.nodeLoadExternalEntitiesAlways])
    // ok: xml-external-entities
    let safe = try XMLDocument(data: data, options: [.nodeLoadExternalEntitiesNever])
    // ruleid: xml-huge-documents
    let third = xmlReadMemory(buffer, count, nil, nil, Int32(XML_PARSE_HUGE.rawValue))
    // ok: xml-huge-documents
    let fourth = xmlReadMemory(buffer, count, nil, nil, 0)
}
