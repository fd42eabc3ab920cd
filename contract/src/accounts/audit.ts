/** What the audit log records: who did what to whom, when and from where. Codes, never text. */

/** Acts on what belongs to somebody else, and every change of a credential. */
export const AUDIT_ACTIONS = [
  /** The first administrator was created, by the setup link or by the operator. */
  "admin.created",
  /** A person made an account. */
  "account.registered",
  "account.deleted",
  /** By an administrator: an account for somebody else, and the links that set its password. */
  "account.invited",
  "account.reset_linked",
  /** A person followed an invitation and chose a password. */
  "account.joined",
  "account.promoted",
  "account.demoted",
  "account.disabled",
  "account.enabled",
  "account.quota_changed",
  "password.changed",
  /** By the operator on the server, or by the account's own reset link. */
  "password.reset",
  /** Signed in. */
  "session.started",
  /** Signed out. */
  "session.ended",
  /**
   * A refresh token was used again after it had been replaced: stolen or copied, so the whole session ends.
   */
  "session.reused",
  "upload.completed",
  "upload.aborted",
  "video.updated",
  "video.retried",
  "video.deleted",
  "video.restored",
  /** A worker takes no new tasks, or takes them again. */
  "worker.drained",
  "worker.resumed",
  "poster.requested",
  "captions.added",
  "captions.deleted",
  "share.created",
  "share.updated",
  "share.deleted",
  "playback_key.created",
  "playback_key.deleted",
  "api_key.created",
  "api_key.deleted",
  "webhook.created",
  "webhook.updated",
  "webhook.rotated",
  "webhook.deleted",
  "upload_link.created",
  "upload_link.deleted",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `operator`: at the server's own command line. `system`: no person asked for it. */
export const AUDIT_ACTORS = ["user", "operator", "system"] as const;
export type AuditActor = (typeof AUDIT_ACTORS)[number];

export const AUDIT_TARGETS = [
  "account",
  "session",
  "video",
  "worker",
  "playback_key",
  "api_key",
  "webhook",
  "upload_link",
] as const;
export type AuditTarget = (typeof AUDIT_TARGETS)[number];
