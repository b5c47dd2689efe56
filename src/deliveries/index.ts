export {
  commandFor,
  DataFacts,
  dataFacts,
  downloadCommand,
  factsText,
  type HowToFetch,
  inCommand,
  orderedMethods,
  untilValue,
  zipCommand,
  zipName,
} from './data-views.js';
export { layOutFiles } from './deliveries.jobs.js';
export { DeliveriesModule } from './deliveries.module.js';
export { DeliveriesStore } from './deliveries.store.js';
export {
  type DeliveryFacts,
  deliveriesOfUpload,
  findDeliveries,
  findDelivery,
  operatorWords,
  recipientWords,
} from './delivery-facts.js';
export { DeliveryLinks, linkColumns, linkIdentity, LINKS_ASKED, type LinkRow } from './delivery-links.js';
export { markDeliveries, markDelivery, unmarkDeliveries, unmarkDelivery } from './delivery-marks.js';
export { DeliveryReader } from './delivery-reader.js';
export { DispatchMail } from './dispatch-mail.js';
export { AskedTooSoon } from './extensions/extensions.errors.js';
export { MoreTimeService } from './extensions/more-time.service.js';
export {
  fetchedFiles,
  type FurthestPhase,
  furthestOf,
  furthestPhases,
  type MethodPhase,
  methodPhases,
  type MethodPhases,
} from './method-phases.js';
export { framed, letter, linksEnd, ownTexts } from './letter.js';
export { listedMail, plainMail } from './operator-mails.js';
export { STALE_AFTER_MS, TRANSFER_GRACE_MS } from './delivery-state.rules.js';
export { decideContinuation } from './transfers.rules.js';
export { methodPhase as shownMethodPhase, shownDelivery, type ShownDelivery } from './shown-deliveries.schema.js';
export { UndeliverableDeliveries } from './undeliverable-deliveries.js';
