/** The account routes: sign-in and sign-out, the own account, and the users for administrators. */
import { createRoute } from "@hono/zod-openapi";
import {
  adminUserPageSchema,
  changePasswordRequestSchema,
  deleteAccountRequestSchema,
  loginRequestSchema,
  meSchema,
  registerRequestSchema,
  sessionSchema,
  setupRequestSchema,
  tokenSchema,
} from "../account.ts";
import { listQuerySchema } from "../video.ts";
import { audits, type Declared, SECURITY } from "./access.ts";
import { ADMIN, BODY, idParams, json, jsonBody, MAX_BODY, problems, SIGNED_IN } from "./shared.ts";

export const accountRoutes = {
  register: createRoute({
    method: "post",
    path: "/v1/auth/register",
    operationId: "register",
    tags: ["Accounts"],
    security: SECURITY.anybody,
    summary: "Make an account and sign in",
    request: { body: jsonBody(registerRequestSchema, MAX_BODY.small) },
    responses: {
      201: json(sessionSchema, "Signed in; the refresh cookie is set"),
      ...problems(...BODY, "auth.registration_closed", "account.email_taken", "auth.too_many_attempts"),
    },
  }),
  login: createRoute({
    method: "post",
    path: "/v1/auth/login",
    operationId: "login",
    tags: ["Accounts"],
    security: SECURITY.anybody,
    summary: "Sign in",
    request: { body: jsonBody(loginRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(sessionSchema, "Signed in; the refresh cookie is set"),
      ...problems(...BODY, "auth.wrong_credentials", "account.disabled", "auth.too_many_attempts"),
    },
  }),
  refresh: createRoute({
    method: "post",
    path: "/v1/auth/refresh",
    operationId: "refresh",
    tags: ["Accounts"],
    security: SECURITY.cookie,
    ...audits("session.reused"),
    summary: "Get a new access token by the refresh cookie",
    responses: {
      200: json(tokenSchema, "A new access token; the cookie is replaced"),
      ...problems("auth.refresh_invalid", "auth.origin_refused"),
    },
  }),
  logout: createRoute({
    method: "post",
    path: "/v1/auth/logout",
    operationId: "logout",
    tags: ["Accounts"],
    security: SECURITY.cookieIfAny,
    ...audits("session.ended"),
    summary: "Sign out: ends this session",
    responses: { 204: { description: "Signed out" }, ...problems("auth.origin_refused") },
  }),
  setup: createRoute({
    method: "post",
    path: "/v1/auth/setup",
    operationId: "setup",
    tags: ["Accounts"],
    security: SECURITY.anybody,
    ...audits("admin.created"),
    summary: "Make the first administrator with the one-time setup link",
    request: { body: jsonBody(setupRequestSchema, MAX_BODY.small) },
    responses: {
      201: json(sessionSchema, "Signed in as administrator"),
      ...problems(...BODY, "setup.token_invalid", "account.email_taken", "auth.too_many_attempts"),
    },
  }),
  me: createRoute({
    method: "get",
    path: "/v1/me",
    operationId: "me",
    tags: ["Accounts"],
    security: SECURITY.user,
    summary: "Who am I, and how much is stored",
    responses: { 200: json(meSchema, "The signed-in account"), ...problems(...SIGNED_IN) },
  }),
  changePassword: createRoute({
    method: "post",
    path: "/v1/me/password",
    operationId: "changePassword",
    tags: ["Accounts"],
    security: SECURITY.user,
    ...audits("password.changed"),
    summary: "Change one's own password",
    request: { body: jsonBody(changePasswordRequestSchema, MAX_BODY.small) },
    responses: {
      204: { description: "Changed: every other session has ended, this one goes on" },
      ...problems(...BODY, ...SIGNED_IN, "account.wrong_password", "auth.too_many_attempts"),
    },
  }),
  deleteMe: createRoute({
    method: "post",
    path: "/v1/me/delete",
    operationId: "deleteMe",
    tags: ["Accounts"],
    security: SECURITY.user,
    ...audits("account.deleted"),
    summary: "Delete one's own account with all its videos",
    request: { body: jsonBody(deleteAccountRequestSchema, MAX_BODY.small) },
    responses: {
      204: { description: "Gone: every session has ended, the address is free again" },
      ...problems(
        ...BODY,
        ...SIGNED_IN,
        "account.wrong_password",
        "account.last_admin",
        "auth.too_many_attempts",
      ),
    },
  }),

  adminUsers: createRoute({
    method: "get",
    path: "/v1/admin/users",
    operationId: "adminUsers",
    tags: ["Administration"],
    security: SECURITY.admin,
    summary: "Users",
    request: { query: listQuerySchema.omit({ status: true }) },
    responses: {
      200: json(adminUserPageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
  adminDeleteUser: createRoute({
    method: "delete",
    path: "/v1/admin/users/{id}",
    operationId: "adminDeleteUser",
    tags: ["Administration"],
    security: SECURITY.admin,
    ...audits("account.deleted"),
    summary: "Delete a user with all their videos",
    request: { params: idParams },
    responses: {
      204: { description: "Gone: every session has ended, the address is free again" },
      ...problems(...ADMIN, "account.not_found", "account.last_admin", "account.own"),
    },
  }),
} as const satisfies Record<string, Declared>;
