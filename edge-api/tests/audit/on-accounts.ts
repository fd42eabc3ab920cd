/** Acts on accounts, sessions and the installation: each is recorded, by its route and by the operator's command. */
import { randomBytes } from "node:crypto";
import { invitationSchema, sessionSchema } from "@storagex/contract/accounts/account";
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import type { AuditAction } from "@storagex/contract/accounts/audit";
import { madePlaybackKeySchema } from "@storagex/contract/sharing";
import { uploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import { madeWebhookSchema } from "@storagex/contract/webhooks";
import { describe, expect, test } from "vitest";
import { hashOf, newId, newSecret } from "../../src/keys/random.ts";
import { newEmail, PASSWORD, post, refresh, register } from "../support/client.ts";
import { newSigned, newUploadLink, newVideo, type Signed } from "../support/direct-rows.ts";
import {
  ACTS,
  bearer,
  edge,
  expected,
  FROM,
  isOfVideo,
  type Name,
  type Written,
  written,
} from "./written.ts";

/** An administrator's call under `/v1/admin/users`. */
const asAdmin = (admin: Signed, method: string, path: string, body?: unknown) =>
  fetch(`${edge.url}/v1/admin/users${path}`, {
    method,
    headers: { ...FROM, ...bearer(admin), ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** A person with a password. Making the account is written down too, and forgotten here. */
async function registered() {
  const made = await register(edge.url);
  await edge.sql.query("DELETE FROM audit");
  return made;
}

/** Acts on accounts and sessions, by route name. Each resolves with the one audit row expected then. */
const ON_ACCOUNTS: Partial<Record<Name, (action: AuditAction) => Promise<Written>>> = {
  adminDeleteUser: async (action) => {
    const [admin, other] = [await newSigned(edge, "admin"), await newSigned(edge)];
    await newVideo(edge, other.userId);
    const answer = await fetch(`${edge.url}/v1/admin/users/${other.userId}`, {
      method: "DELETE",
      headers: { ...FROM, ...bearer(admin) },
    });
    expect(answer.status).toBe(204);
    return expected(action, admin.userId, "account", other.userId);
  },
  inviteUser: async (action) => {
    const admin = await newSigned(edge, "admin");
    const answer = await asAdmin(admin, "POST", "", { email: newEmail() });
    const { user } = invitationSchema.parse(await answer.json());
    return expected(action, admin.userId, "account", user.id);
  },
  resetUser: async (action) => {
    const [admin, other] = [await newSigned(edge, "admin"), await newSigned(edge)];
    expect((await asAdmin(admin, "POST", `/${other.userId}/reset`)).status).toBe(201);
    return expected(action, admin.userId, "account", other.userId);
  },
  changeUser: async (action) => {
    const [admin, other] = [await newSigned(edge, "admin"), await newSigned(edge)];
    const acts = {
      "account.promoted": { role: "admin" },
      "account.demoted": { role: "user" },
      "account.disabled": { disabled: true },
      "account.enabled": { disabled: false },
    };
    for (const [each, change] of Object.entries(acts)) {
      expect((await asAdmin(admin, "PATCH", `/${other.userId}`, change)).status).toBe(200);
      expect((await written()).map((row) => row.action)).toEqual([each]);
      await edge.sql.query("DELETE FROM audit");
    }
    await asAdmin(admin, "PATCH", `/${other.userId}`, { quotaBytes: 1, quotaMinutes: null });
    return expected(action, admin.userId, "account", other.userId);
  },
  ...Object.fromEntries(
    (["drain", "resume"] as const).map((act) => [
      `${act}Worker`,
      async (action: AuditAction) => {
        const admin = await newSigned(edge, "admin");
        await edge.sql.query(
          "INSERT INTO workers (name, slots) VALUES ('audited', 1) ON CONFLICT DO NOTHING",
        );
        const headers = { ...FROM, ...bearer(admin) };
        const answer = await fetch(`${edge.url}/v1/admin/workers/audited/${act}`, {
          method: "POST",
          headers,
        });
        expect(answer.status).toBe(200);
        return expected(action, admin.userId, "worker", "audited", { ownerId: null });
      },
    ]),
  ),
  retryFailures: async (action) => {
    const [admin, other] = [await newSigned(edge, "admin"), await newSigned(edge)];
    const video = await newVideo(edge, other.userId);
    const headers = { ...FROM, ...bearer(admin) };
    const answer = await post(`${edge.url}/v1/admin/failures/retry`, { ids: [video] }, headers);
    expect(await answer.json()).toEqual({ retried: 1, left: 0 });
    return expected(action, admin.userId, "video", video, { ownerId: other.userId });
  },
  register: async (action) => {
    const answer = await post(
      `${edge.url}/v1/auth/register`,
      { email: newEmail(), password: PASSWORD },
      FROM,
    );
    const { user } = sessionSchema.parse(await answer.json());
    return expected(action, user.id, "account", user.id);
  },
  login: async (action) => {
    const { email, user } = await registered();
    const wrong = { email, password: "another long sentence" };
    expect((await post(`${edge.url}/v1/auth/login`, wrong, FROM)).status).toBe(401);
    expect((await post(`${edge.url}/v1/auth/login`, { email, password: PASSWORD }, FROM)).status).toBe(200);
    const { rows } = await edge.sql.query(
      "SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1",
      [user.id],
    );
    return expected(action, user.id, "session", rows[0].id);
  },
  join: async (action) => {
    const admin = await newSigned(edge, "admin");
    const answer = await asAdmin(admin, "POST", "", { email: newEmail() });
    const { url, user } = invitationSchema.parse(await answer.json());
    await edge.sql.query("DELETE FROM audit");
    const body = { token: url.split("/").at(-1), password: PASSWORD };
    expect((await post(`${edge.url}/v1/auth/join`, body, FROM)).status).toBe(200);
    return expected(action, user.id, "account", user.id);
  },
  createPlaybackKey: async (action) => {
    const { accessToken, userId } = await newSigned(edge);
    const answer = await post(
      `${edge.url}/v1/playback-keys`,
      { name: "site" },
      { ...FROM, ...bearer({ accessToken }) },
    );
    const { id } = madePlaybackKeySchema.parse(await answer.json());
    return expected(action, userId, "playback_key", id);
  },
  createKey: async (action) => {
    const { accessToken, userId } = await newSigned(edge);
    const body = { name: "import", scopes: ["videos:write"] };
    const answer = await post(`${edge.url}/v1/keys`, body, { ...FROM, ...bearer({ accessToken }) });
    const { key } = madeApiKeySchema.parse(await answer.json());
    return expected(action, userId, "api_key", key.id);
  },
  deleteKey: async (action) => {
    const { accessToken, userId } = await newSigned(edge);
    const id = `key-${userId}`;
    await edge.sql.query(
      "INSERT INTO api_keys (id, user_id, name, secret_hash, hint, scopes) VALUES ($1, $2, 'key', $1, '…', '[]')",
      [id, userId],
    );
    const headers = { ...FROM, ...bearer({ accessToken }) };
    expect((await fetch(`${edge.url}/v1/keys/${id}`, { method: "DELETE", headers })).status).toBe(204);
    return expected(action, userId, "api_key", id);
  },
  endOneSession: async (action) => {
    const { accessToken, userId, sessionId } = await newSigned(edge);
    const headers = { ...FROM, ...bearer({ accessToken }) };
    await fetch(`${edge.url}/v1/me/sessions/${sessionId}`, { method: "DELETE", headers });
    return expected(action, userId, "session", sessionId);
  },
  endOtherSessions: async (action) => {
    const { accessToken, userId } = await newSigned(edge);
    await edge.sql.query(
      "INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')",
      [`other-${userId}`, userId],
    );
    const headers = { ...FROM, ...bearer({ accessToken }) };
    await fetch(`${edge.url}/v1/me/sessions`, { method: "DELETE", headers });
    return expected(action, userId, "session", `other-${userId}`);
  },
  changeVideos: async (action) => {
    const [owner, admin] = [await newSigned(edge), await newSigned(edge, "admin")];
    const ids = [await newVideo(edge, owner.userId), await newVideo(edge, admin.userId)];
    const body = { ids, action: "visibility", visibility: "public" };
    const answer = await post(`${edge.url}/v1/videos/bulk`, body, { ...FROM, ...bearer(admin) });
    expect(answer.status).toBe(200);
    return expected(action, admin.userId, "video", ids[0] ?? "", { ownerId: owner.userId });
  },
  deletePlaybackKey: async (action) => {
    const { accessToken, userId } = await newSigned(edge);
    const id = randomBytes(8).toString("hex");
    await edge.sql.query("INSERT INTO playback_keys VALUES ($1, $2, 'site', '{}')", [id, userId]);
    const headers = { ...FROM, ...bearer({ accessToken }) };
    const answer = await fetch(`${edge.url}/v1/playback-keys/${id}`, { method: "DELETE", headers });
    expect(answer.status).toBe(204);
    return expected(action, userId, "playback_key", id);
  },
  createWebhook: async (action) => {
    const { userId, accessToken } = await newSigned(edge);
    const headers = { ...FROM, ...bearer({ accessToken }) };
    const answer = await post(`${edge.url}/v1/webhooks`, { url: "https://hooks.example.org" }, headers);
    const { webhook } = madeWebhookSchema.parse(await answer.json());
    return expected(action, userId, "webhook", webhook.id);
  },
  updateWebhook: (action) => onWebhook(action, "PATCH", "", { enabled: false }),
  rotateWebhook: (action) => onWebhook(action, "POST", "/rotate"),
  deleteWebhook: (action) => onWebhook(action, "DELETE", ""),
  createUploadLink: async (action) => {
    const { userId, accessToken } = await newSigned(edge);
    const headers = { ...FROM, ...bearer({ accessToken }) };
    const answer = await post(`${edge.url}/v1/upload-links`, {}, headers);
    return expected(action, userId, "upload_link", uploadLinkSchema.parse(await answer.json()).id);
  },
  deleteUploadLink: async (action) => {
    const { userId, accessToken } = await newSigned(edge);
    const { id } = await newUploadLink(edge, userId);
    const headers = { ...FROM, ...bearer({ accessToken }) };
    expect((await fetch(`${edge.url}/v1/upload-links/${id}`, { method: "DELETE", headers })).status).toBe(
      204,
    );
    return expected(action, userId, "upload_link", id);
  },
  deleteMe: async (action) => {
    const { accessToken, user } = await registered();
    const headers = { ...FROM, ...bearer({ accessToken }) };
    expect((await post(`${edge.url}/v1/me/delete`, { password: PASSWORD }, headers)).status).toBe(204);
    return expected(action, user.id, "account", user.id);
  },
  changePassword: async (action) => {
    const { accessToken, user } = await registered();
    const body = { currentPassword: PASSWORD, newPassword: "another long sentence" };
    const headers = { ...FROM, ...bearer({ accessToken }) };
    expect((await post(`${edge.url}/v1/me/password`, body, headers)).status).toBe(204);
    return expected(action, user.id, "account", user.id);
  },
  setup: async (action) => {
    const token = newSecret();
    await edge.sql.query("UPDATE users SET role = 'user', bootstrap = false");
    await edge.sql.query("INSERT INTO setup_tokens VALUES ($1, now() + interval '1 hour')", [
      await hashOf(token),
    ]);
    const answer = await post(
      `${edge.url}/v1/auth/setup`,
      { token, email: newEmail(), password: PASSWORD },
      FROM,
    );
    const { user } = sessionSchema.parse(await answer.json());
    return expected(action, user.id, "account", user.id);
  },
  logout: async (action) => {
    const { userId, sessionId, refreshToken } = await newSigned(edge);
    expect((await refresh(edge.url, refreshToken, FROM, "logout")).status).toBe(204);
    // The second call ends nothing.
    expect((await refresh(edge.url, refreshToken, FROM, "logout")).status).toBe(204);
    return expected(action, userId, "session", sessionId);
  },
  refresh: async (action) => {
    const { userId, sessionId, refreshToken } = await newSigned(edge);
    expect((await refresh(edge.url, refreshToken, FROM)).status).toBe(200);
    expect(await written()).toEqual([]);
    // Its successor was used long ago.
    await edge.sql.query(
      `INSERT INTO refresh_tokens (token_hash, session_id, depth, first_used_at) VALUES ($1, $2, 1, now() - interval '1 minute')`,
      [randomBytes(16).toString("hex"), sessionId],
    );
    expect((await refresh(edge.url, refreshToken, FROM)).status).toBe(401);
    return expected(action, null, "session", sessionId, { actorKind: "system", ownerId: userId });
  },
};

async function onWebhook(action: AuditAction, method: string, rest: string, body?: unknown) {
  const { userId, accessToken } = await newSigned(edge);
  const id = newId();
  await edge.sql.query(
    "INSERT INTO webhooks (id, owner_id, url, secret_sealed) VALUES ($1, $2, 'https://hooks.example.org', '')",
    [id, userId],
  );
  const answer = await fetch(`${edge.url}/v1/webhooks/${id}${rest}`, {
    method,
    headers: { ...FROM, ...bearer({ accessToken }), "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return expected(action, userId, "webhook", id);
}

export function accountActTests(): void {
  describe.each(ACTS.filter(({ access }) => !isOfVideo(access)))("$name", ({ name, action }) => {
    test("is written down", async () => {
      const act = ON_ACCOUNTS[name];
      if (!act) throw new Error(`no act of ${name} is tried here`);
      const row = await act(action);
      expect(await written()).toEqual([row]);
    });
  });

  test("the operator's acts are written down", async () => {
    const { email, user } = await registered();
    await edge.ops("admin", ["reset-password", email]);
    await edge.sql.query("UPDATE users SET role = 'user', bootstrap = false");
    const admin = newEmail();
    await edge.ops("admin", ["first-admin"], {
      STORAGEX_ADMIN_EMAIL: admin,
      STORAGEX_ADMIN_PASSWORD: PASSWORD,
    });
    const { rows } = await edge.sql.query("SELECT id FROM users WHERE email = $1", [admin]);
    const operator = {
      actor_kind: "operator",
      actor_id: null,
      target_kind: "account",
      key_id: null,
      address: null,
      user_agent: null,
    };
    expect(await written()).toEqual([
      { ...operator, action: "password.reset", target_id: user.id, owner_id: user.id },
      { ...operator, action: "admin.created", target_id: rows[0].id, owner_id: rows[0].id },
    ]);
  });
}
