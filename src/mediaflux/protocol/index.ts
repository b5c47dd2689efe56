export { childNamed, childrenNamed, descendant, textAt, UnwritableText, xml, type XmlElement } from './element.js';
export { checkedContent, mustBeWhole } from './checked-content.js';
export { closable } from './closable.js';
export { NoConnectionFree } from './connections.js';
export { onEnd } from './ends.js';
export { PACKET_TYPE, type PacketContent, packetRequest, packetsOf, readPacketReply } from './packets.js';
export type { HttpEnds, TransportLimits } from './limits.js';
export { type ContentSource, ContentChanged, multipartBody, multipartInOne, SourceFault } from './multipart.js';
export { crc32, crc32FromMediaflux, crc32Text } from './crc32.js';
export { dateArgument, instantOf, type ServerZone, zoneOf } from './dates.js';
export {
  executeCall,
  executedResponses,
  requestDocument,
  resultOf,
  resultOfBytes,
  type ServiceCall,
} from './envelope.js';
export {
  AnsweredByStatus,
  isMediafluxError,
  MediafluxError,
  type MediafluxErrorKind,
  RequestTooLong,
} from './errors.js';
export { ConnectFailed, TimeLimitPassed, transportError } from './network-errors.js';
export { readItems, tellItems, readXml } from './xml-reader.js';
export type { HttpReply } from './http-reply.js';
export { Transport } from './transport.js';
export { isServiceRefused, wantsSecondFactor } from './reply-errors.js';
export type { Into, WholeReply } from './whole-reply.js';
export { UnreadableZip, type ZipFile, zipFiles } from './zip.js';
