/** Cases: keys of every kind, listed in order and in pages, and deleted by the hundred. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import type { Wire } from "./wire.ts";

const oddNames = [
  "plain",
  "with space",
  "plus+plus",
  "percent%2Fsign",
  "amp&equals=question?hash#",
  "quotes'\"<>",
  "marks!()*~;:@$,",
  "back\\slash",
  "é-composed",
  "e\u0301-decomposed",
  "日本語.mp4",
  "emoji 🎬",
  "rtl \u202egnp.mp4",
  "x".repeat(200),
];

export function listingCases(wire: Wire): void {
  pagingCases(wire);
  oddCases(wire);
  deletingCases(wire);
}

async function listAll(wire: Wire, input: Omit<ListObjectsV2CommandInput, "Bucket">) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  for (let ContinuationToken: string | undefined; ; ) {
    const query = { ...input, Bucket: wire.target.bucket, ...(ContinuationToken && { ContinuationToken }) };
    const page = await wire.sdk.send(new ListObjectsV2Command(query));
    keys.push(...(page.Contents ?? []).map((object) => object.Key ?? ""));
    prefixes.push(...(page.CommonPrefixes ?? []).map((entry) => entry.Prefix ?? ""));
    expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
    pages += 1;
    if (!page.IsTruncated) return { keys, prefixes, pages };
    ContinuationToken = page.NextContinuationToken;
    expect(ContinuationToken).toBeTruthy();
  }
}

function pagingCases(wire: Wire): void {
  const root = wire.key("pages/");
  const names = ["a", "a/1", "a/2", "b", "b/x/1", "b/x/2", "b/y", "c-1", "c-2", "z"].map(
    (name) => root + name,
  );
  beforeAll(async () => {
    for (const key of names) await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "x" }));
  });

  it("lists everything under a prefix, in order", async () => {
    expect((await listAll(wire, { Prefix: root })).keys).toEqual([...names].sort());
    expect((await listAll(wire, { Prefix: `${root}b/` })).keys).toEqual([
      `${root}b/x/1`,
      `${root}b/x/2`,
      `${root}b/y`,
    ]);
    expect((await listAll(wire, { Prefix: `${root}nothing` })).keys).toEqual([]);
  });

  it.each([1, 2, 3, 4, 7])("loses and repeats nothing in pages of %i", async (MaxKeys) => {
    const listed = await listAll(wire, { Prefix: root, MaxKeys });
    expect(listed.keys).toEqual([...names].sort());
    expect(listed.pages).toBe(Math.ceil(names.length / MaxKeys));
    const folded = await listAll(wire, { Prefix: root, MaxKeys, Delimiter: "/" });
    expect(folded.keys).toEqual(["a", "b", "c-1", "c-2", "z"].map((name) => root + name));
    expect(folded.prefixes).toEqual([`${root}a/`, `${root}b/`]);
  });

  it("starts after a key", async () => {
    const StartAfter = `${root}b/x/1`;
    const { keys } = await listAll(wire, { Prefix: root, StartAfter });
    expect(keys).toEqual([...names].sort().filter((key) => key > StartAfter));
  });

  it("gives size and ETag of each", async () => {
    const query = { Bucket: wire.target.bucket, Prefix: names[0] ?? "", MaxKeys: 1 };
    const [first] = (await wire.sdk.send(new ListObjectsV2Command(query))).Contents ?? [];
    expect([first?.Key, first?.Size, first?.ETag]).toEqual([
      names[0],
      1,
      '"9dd4e461268c8034f5c8564e155c67a6"',
    ]);
  });
}

function oddCases(wire: Wire): void {
  it.each(oddNames.map((name) => [name]))("keeps the key %j apart from every other", async (name) => {
    const at = wire.at(wire.key(`odd/${name}`));
    await wire.sdk.send(new PutObjectCommand({ ...at, Body: name }));
    expect(await (await wire.sdk.send(new GetObjectCommand(at))).Body?.transformToString()).toBe(name);
    const presigned = await wire.sendPresigned({ method: "GET", key: at.Key });
    expect(presigned.body.toString()).toBe(name);
  });

  it("lists them, plain and percent-encoded", async () => {
    const sorted = oddNames.map((name) => wire.key(`odd/${name}`)).sort(byBytes);
    expect((await listAll(wire, { Prefix: wire.key("odd/") })).keys).toEqual(sorted);
    const encoded = await listAll(wire, { Prefix: wire.key("odd/"), EncodingType: "url" });
    expect(encoded.keys.map((key) => decodeURIComponent(key.replaceAll("+", "%20")))).toEqual(sorted);
  });
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function deletingCases(wire: Wire): void {
  it("deletes many, odd ones and missing ones too, as the SDK asks for it", async () => {
    const keys = oddNames.map((name) => wire.key(`gone/${name}`));
    for (const key of keys) await wire.sdk.send(new PutObjectCommand({ ...wire.at(key), Body: "x" }));
    const kept = wire.key("gone");
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(kept), Body: "kept" }));
    const Objects = [...keys, wire.key("gone/never there")].map((Key) => ({ Key }));
    const answer = await wire.sdk.send(
      new DeleteObjectsCommand({ Bucket: wire.target.bucket, Delete: { Objects } }),
    );
    expect(answer.Errors ?? []).toEqual([]);
    expect(answer.Deleted?.map((one) => one.Key).sort()).toEqual(Objects.map((one) => one.Key).sort());
    expect((await listAll(wire, { Prefix: wire.key("gone") })).keys).toEqual([kept]);
  });

  it("says nothing of what it deleted when asked to be quiet", async () => {
    const Key = wire.key("quiet");
    await wire.sdk.send(new PutObjectCommand({ ...wire.at(Key), Body: "x" }));
    const Delete = { Quiet: true, Objects: [{ Key }] };
    const answer = await wire.sdk.send(new DeleteObjectsCommand({ Bucket: wire.target.bucket, Delete }));
    expect([answer.Deleted ?? [], answer.Errors ?? []]).toEqual([[], []]);
    expect(await wire.exists(Key)).toBe(false);
  });
}
