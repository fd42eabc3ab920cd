/** What is written down of privileged acts: who did what to whom, when, and from where. Codes, never texts. */

/** Acts on what is somebody else's, and every change of a credential. */
export const AUDIT_ACTIONS = [
  /** The first administrator was made, by the setup link or by the operator. */
  "admin.created",
  "account.deleted",
  "password.changed",
  /** By the operator, at the server. */
  "password.reset",
  /** Signed out. */
  "session.ended",
  /** A refresh token came again after its successor: a theft or a copy, which ends the whole session. */
  "session.reused",
  "upload.completed",
  "upload.aborted",
  "video.updated",
  "video.retried",
  "video.deleted",
  "captions.added",
  "captions.deleted",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `operator`: at the server's own command line. `system`: nobody asked for it. */
export type AuditActor = "user" | "operator" | "system";
export type AuditTarget = "account" | "session" | "video";
