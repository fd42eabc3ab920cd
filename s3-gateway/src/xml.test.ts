/** XML in both directions: what is rendered parses back the same, and what is not XML is refused. */
import { expect, it } from "vitest";
import { parseXml, renderXml } from "./xml.ts";

it("carries any character that a key may hold", () => {
  const Key = ` <a>&amp;"'\r\n\t\u0001\u007f é 🎬 &#x41; `;
  expect(parseXml(Buffer.from(renderXml("R", { Key })))).toMatchObject({ R: { Key } });
});

it("decodes each entity once", () => {
  expect(parseXml(Buffer.from("<R><a>&amp;lt;&#38;#65;&#x1F3AC;</a></R>"))).toEqual({
    R: { a: "&lt;&#65;🎬" },
  });
});

it("reads ten thousand quoted ETags", () => {
  const parts = "<Part><ETag>&quot;0&quot;</ETag></Part>".repeat(10_000);
  const parsed = parseXml(Buffer.from(`<C>${parts}</C>`));
  expect(parsed).toMatchObject({ C: { Part: expect.objectContaining({ length: 10_000 }) } });
});

it.each([
  "",
  "text",
  "<a>",
  "<a></b>",
  '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
  "<a>&#x110000;</a>",
  "<a>&#xD800;</a>",
  "<a>&constructor;</a>",
  "<a>a & b</a>",
  "<a>&amp</a>",
  "<__proto__>a</__proto__>",
  `${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}`,
])("refuses %j", (text) => {
  expect(() => parseXml(Buffer.from(text))).toThrow(expect.objectContaining({ code: "MalformedXML" }));
});

it("refuses bytes that are not UTF-8", () => {
  expect(() => parseXml(Buffer.from([60, 97, 62, 0xff]))).toThrow(
    expect.objectContaining({ code: "MalformedXML" }),
  );
});
