export { childNamed, childrenNamed, descendant, textAt, xml, type XmlElement } from './element.js';
export { type ContentSource, ContentChanged, multipartBody } from './multipart.js';
export { crc32, crc32FromMediaflux, crc32Text } from './crc32.js';
export { dateArgument } from './dates.js';
export { executeCall, executedResponses, requestDocument, resultOf, type ServiceCall } from './envelope.js';
export { isMediafluxError, MediafluxError } from './errors.js';
export { readItems, readXml } from './xml-reader.js';
export { type HttpReply, Transport, transportError } from './transport.js';
