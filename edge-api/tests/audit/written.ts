/** The edge of the audit's tests, the routes with an action, and the rows that they write. */
import type { AuditAction } from "@storagex/contract/accounts/audit";
import { type Access, accessOf, auditOf } from "@storagex/contract/routes/access";
import { publicRoutes } from "@storagex/contract/routes/public";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Signed } from "../support/direct-rows.ts";
import { type Edge, startEdge } from "../support/harness.ts";

export let edge: Edge;

/** Installs the hooks for the file that calls it. */
export function setAudit(): void {
  beforeAll(async () => {
    edge = await startEdge({ STORAGEX_CLIENT_ADDRESS_HEADER: "x-real-ip" });
  });
  afterAll(() => edge?.stop());
  beforeEach(() => edge.sql.query("DELETE FROM audit"));
}

export const FROM = { "x-real-ip": "2001:db8::7", "user-agent": "Test/1.0" };

const ROUTES = Object.entries(publicRoutes);
export type Name = keyof typeof publicRoutes;
export const ACTS = ROUTES.flatMap(([name, route]) => {
  const action = auditOf(route);
  return action ? [{ name: name as Name, route, action, access: accessOf(route) }] : [];
});

export const isOfVideo = (access: Access) => access === "owner" || access === "restorer";

export const bearer = ({ accessToken }: Pick<Signed, "accessToken">) => ({
  authorization: `Bearer ${accessToken}`,
});

export type Written = {
  actor_kind: string;
  actor_id: string | null;
  action: string;
  target_kind: string;
  target_id: string;
  owner_id: string | null;
  key_id: string | null;
  address: string | null;
  user_agent: string | null;
};

export async function written(): Promise<Written[]> {
  const { rows } = await edge.sql.query<Written & { id: string; at: Date }>(
    "SELECT * FROM audit ORDER BY id",
  );
  return rows.map(({ id: _, at, ...row }) => {
    expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(3_600_000);
    return row;
  });
}

type More = { actorKind?: string; ownerId?: string | null };

/** An account is its own owner; the rest belongs to the actor, unless `ownerId` says otherwise. */
export const expected = (
  action: AuditAction,
  actorId: string | null,
  kind: string,
  targetId: string,
  { actorKind = "user", ownerId = kind === "account" ? targetId : actorId }: More = {},
): Written => ({
  owner_id: ownerId,
  key_id: null,
  actor_kind: actorKind,
  actor_id: actorId,
  action,
  target_kind: kind,
  target_id: targetId,
  address: FROM["x-real-ip"],
  user_agent: FROM["user-agent"],
});
