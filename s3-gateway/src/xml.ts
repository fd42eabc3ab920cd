/**
 * S3's XML bodies: strict parser, plain renderer. Entities are escaped here, because keys may contain any
 * character.
 */
import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
  isArray: (name) => name === "Part" || name === "Object",
  tagValueProcessor: (_name, value) => decode(value),
});
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  processEntities: false,
  tagValueProcessor: (_name, value) => encode(String(value)),
});

/** The body as plain objects with string leaves; throws MalformedXML for anything that is not well-formed. */
export function parseXml(body: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new S3Error("MalformedXML");
  }
  // A document type could declare entities; S3 has none.
  if (text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true) throw new S3Error("MalformedXML");
  try {
    return parser.parse(text);
  } catch (error) {
    // Nested too deep, or with a name that no document of S3 has (`__proto__`): the parser itself throws.
    if (error instanceof S3Error) throw error;
    throw new S3Error("MalformedXML");
  }
}

/** One XML document; `undefined` members are left out, arrays repeat their element. */
export function renderXml(root: string, content: Record<string, unknown>, xmlns = true): string {
  const namespace = xmlns ? { "@xmlns": "http://s3.amazonaws.com/doc/2006-03-01/" } : {};
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...namespace, ...content } })}`;
}

const named = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w*));?/gi, (whole, hex, decimal, name) => {
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const char = name === undefined ? fromPoint(point) : named.get(name);
    if (char === undefined || !whole.endsWith(";")) throw new S3Error("MalformedXML");
    return char;
  });
}

function fromPoint(point: number): string | undefined {
  const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return isCharacter ? String.fromCodePoint(point) : undefined;
}

function encode(text: string): string {
  // Control characters become references, as AWS writes them: a raw CR would come back as LF.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to escape
  return text.replace(/[&<>"'\x00-\x1f\x7f]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`);
}
