export { AlertAddress, AlertAddressModule } from './alert-address.js';
export { BouncesService } from './bounces.service.js';
export { type CalendarEvent, calendarOf } from './calendar.rules.js';
export { BACK_IN_QUEUE, enqueueMail, HANDING_OVER, STILL_OURS } from './outbox.store.js';
export { MailDispatcher } from './mail-dispatcher.js';
export {
  type ClaimedMail,
  type ComposedMail,
  type Composition,
  type HandOverClaim,
  type MailKind,
  MailKinds,
  type HandedOverMail,
  type QueuedMail,
} from './mail-kinds.js';
export { MailListService, mailQuery, type MailQuery } from './mail-list.service.js';
export { MailModule } from './mail.module.js';
export { MailTransport, replyCodeIn } from './mail-transport.js';
export { ReturnAddresses } from './return-addresses.js';
