export { CHAIN_START, chainLink } from './chain.ts';
export { type ErrorCode, EventSourcingError, hasCode } from './errors.ts';
export type { DomainEvent, Metadata, NewEvent, Personal, Position, RecordedEvent, Sealed } from './event.ts';
export {
  type CommitLookup,
  firstRevision,
  type JudgedCommit,
  type Judgement,
  judgeCommit,
} from './event-store/commit-rules.ts';
export { DEFAULT_COMMIT_LIMITS, eventBytes, validateCommit } from './event-store/commit-validation.ts';
export { ClaimTaken, RevisionConflict } from './event-store/errors.ts';
export type {
  Appended,
  Claim,
  Commit,
  CommitLimits,
  EventPage,
  EventReader,
  EventStore,
  ExpectedRevision,
  ReadAllOptions,
  ReadStreamOptions,
  StreamAppend,
  StreamRange,
  SubscribeOptions,
  SubscriptionMessage,
} from './event-store/event-store.ts';
export { type FollowSource, follow } from './event-store/follow.ts';
export { createHeadSignal, type HeadSignal } from './event-store/head-signal.ts';
export { createMemoryEventStore, type MemoryEventStoreOptions } from './event-store/memory-event-store.ts';
export { createPageRoom, hasPrefix, PAGE_BYTES, PAGE_EVENTS, type PageRoom } from './event-store/page.ts';
export type { LeaseNews } from './leases/hold-leases.ts';
export type { LeaseBoard, LeaseStore } from './leases/lease-store.ts';
export { createMemoryLeaseStore, type MemoryLeaseStoreOptions } from './leases/memory-lease-store.ts';
export { canonicalJson, canonicalRequest, type SentRequest } from './mediator/canonical-json.ts';
export type { RequestContext } from './mediator/context.ts';
export {
  createMediator,
  type Handler,
  type Handlers,
  type Mediator,
  type MediatorOptions,
  type Message,
  type MessageOf,
  type Step,
} from './mediator/mediator.ts';
export { authorize } from './mediator/steps/authorize.ts';
export { idempotency } from './mediator/steps/idempotency.ts';
export { type Trace, trace } from './mediator/steps/trace.ts';
export { type Validators, validate } from './mediator/steps/validate.ts';
export { exportLines, importedItems } from './moving/export-lines.ts';
export { type ExportOptions, type ExportSource, exportLog } from './moving/export-log.ts';
export { type Imported, type ImportOptions, type ImportTarget, importLog } from './moving/import-log.ts';
export type { MovedCounts } from './moving/moved-item.ts';
export type { GroupAppend } from './moving/ordered-appends.ts';
export { isToBeKept } from './personal-data/key-entries.ts';
export type { KeyEntry, KeyStore } from './personal-data/key-store.ts';
export { loadMasterKey, type MasterKeySource } from './personal-data/master-key-file.ts';
export { createMemoryKeyStore } from './personal-data/memory-key-store.ts';
export { createVault, ERASED, type Vault, type VaultOptions } from './personal-data/vault.ts';
export { checkDocument } from './projections/check-document.ts';
export { CursorRefused, ProjectionStopped, QueryRefused, ReadModelRefused } from './projections/errors.ts';
export { type FollowProgressOptions, followProgress } from './projections/follow-progress.ts';
export { createHotDocuments, type HotDocumentsOptions } from './projections/hot-documents.ts';
export { type LeasedProjectionsOptions, runLeasedProjections } from './projections/leased-projections.ts';
export { createLiveReader } from './projections/live-reader.ts';
export {
  createMemoryReadModelStore,
  type MemoryReadModelStoreOptions,
} from './projections/memory-read-model-store.ts';
export { leastOf, partitionOf, partitionsOf } from './projections/partitions.ts';
export {
  createProgress,
  type Progress,
  type ProjectionNews,
  type StopReason,
  unheardOf,
  type VersionState,
} from './projections/progress.ts';
export type { PreviousVersion, ProjectedEvent, Projection } from './projections/projection.ts';
export { type ProjectionRunnerOptions, runProjections } from './projections/projection-runner.ts';
export { pageOf, planQuery, type QueryPlan } from './projections/query-plan.ts';
export {
  changedDeclaration,
  checkReadModel,
  displaced,
  notPrepared,
  readModelKey,
  stillLive,
} from './projections/read-model.ts';
export type {
  Batch,
  Census,
  Document,
  DocumentChange,
  DocumentFields,
  FieldType,
  FieldValue,
  JsonValue,
  ModelVersion,
  Page,
  Query,
  ReadModel,
  ReadModelReader,
  ReadModelStore,
  StoredDocument,
} from './projections/read-model-store.ts';
export type { Range, Sortable } from './projections/sortable.ts';
export { waitUntil } from './projections/wait-until.ts';
export type { Aggregate, AggregateRef } from './repository/aggregate.ts';
export { streamOf } from './repository/aggregate.ts';
export { type ClaimedEvents, type ClaimedEventsOptions, claimedEvents } from './repository/claimed-events.ts';
export type {
  AnswerEvent,
  CommandContext,
  DecidedEvents,
  Executed,
  Execution,
  Idempotency,
  OnceOnly,
  StatesOf,
} from './repository/command.ts';
export { IdempotencyKeyReused, OutcomeUnknown, PreconditionFailed } from './repository/errors.ts';
export { createEventClock, type EventClock } from './repository/event-clock.ts';
export { decodeEvent, type SealedEvent } from './repository/event-codec.ts';
export {
  createRepository,
  type Repository,
  type RepositoryOptions,
  type StateAt,
} from './repository/repository.ts';
export type { SnapshotObservation, SnapshotOptions } from './repository/snapshots.ts';
export {
  decoderOf,
  type EventDecoder,
  type EventForm,
  type EventForms,
  type ReadEvent,
  type Upcaster,
} from './repository/upcasting.ts';
export {
  createMemorySnapshotStore,
  type MemorySnapshotStoreOptions,
} from './snapshots/memory-snapshot-store.ts';
export { isIntact, sealSnapshot } from './snapshots/sealed-snapshot.ts';
export {
  SNAPSHOTS_KEPT,
  type Snapshot,
  type SnapshotName,
  type SnapshotStore,
} from './snapshots/snapshot-store.ts';
export {
  type StateCodec,
  type StateDescription,
  type StateFields,
  stateCodec,
} from './snapshots/state-codec.ts';
export { positionAsOf } from './time-travel/position-as-of.ts';
export { type ReplayOptions, replayModels } from './time-travel/replay-models.ts';
export type { CheckedEvent, DomainCheck } from './verification/domain-check.ts';
export { createFindings, type Finding, type Findings, placeOf } from './verification/findings.ts';
export { createFingerprints, type Fingerprints } from './verification/fingerprints.ts';
export type { PersonalDataSummary } from './verification/personal-data-check.ts';
export type { SnapshotKey, SnapshotSource, SnapshotSummary } from './verification/snapshot-check.ts';
export type {
  CommitPage,
  LogStretch,
  RecordedCommit,
  VerifiableLog,
} from './verification/verifiable-log.ts';
export type { VerifiedModel, VerifiedModelState } from './verification/verified-model.ts';
export { type Verification, type VerifyOptions, type VerifyStep, verify } from './verification/verify.ts';
