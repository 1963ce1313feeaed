#import <Foundation/Foundation.h>
@implementation Reader
- (void)read:(NSXMLParser *)parser {
    // ruleid: xml-external-entities
    parser.shouldResolveExternalEntities = YES;
    // ruleid: xml-external-entities
    [parser setShouldResolveExternalEntities:YES];
    // ok: xml-external-entities
    [parser setShouldResolveExternalEntities:NO];
    // ruleid: xml-external-entities
    xmlDocPtr first = xmlReadMemory(bytes, length, NULL, NULL, XML_PARSE_NOENT | XML_PARSE_DTDLOAD);
    // ok: xml-external-entities
    xmlDocPtr second = xmlReadMemory(bytes, length, NULL, NULL, XML_PARSE_NONET);
    // ruleid: xml-huge-documents
    xmlDocPtr third = xmlReadMemory(bytes, length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
    // ok: xml-huge-documents
    xmlDocPtr fourth = xmlReadMemory(bytes, length, NULL, NULL, XML_PARSE_RECOVER);
}
@end
