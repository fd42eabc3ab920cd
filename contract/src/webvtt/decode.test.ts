/** Which encoding is detected for a captions file. */
import { expect, test } from "vitest";
import { decodeAs, ENCODING_NAMES, encodingOf } from "./decode.ts";

/** The bytes of one cue with this text; made by Python's codecs, not by the decoder under test. */
const FILES = [
  [
    "fr",
    "windows-1252",
    "Café, naïve, œuvre : l’été à Noël",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApDYWbpLCBuYe92ZSwgnHV2cmUgOiBskul06SDgIE5v62wK",
  ],
  [
    "es",
    "windows-1252",
    "¿Qué? ¡Mañana, señor! «Sí»",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAq/UXXpPyChTWHxYW5hLCBzZfFvciEgq1Ptuwo=",
  ],
  [
    "de",
    "windows-1252",
    "Über die Straße – schön, größer",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArcYmVyIGRpZSBTdHJh32UgliBzY2j2biwgZ3L232VyCg==",
  ],
  [
    "en",
    "windows-1252",
    "It’s a “naïve” fiancé…",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApJdJJzIGEgk25h73ZllCBmaWFuY+mFCg==",
  ],
  [
    "pl",
    "windows-1250",
    "Zażółć gęślą jaźń, proszę",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApaYb/zs+YgZ+qcbLkgamGf8SwgcHJvc3rqCg==",
  ],
  [
    "cs",
    "iso-8859-2",
    "Příliš žluťoučký kůň šťastně",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApQ+O1sabkgvmx1u2916Gv9IGv58iC5u2FzdG7sCg==",
  ],
  [
    "hu",
    "windows-1250",
    "Árvíztűrő tükörfúrógép",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArBcnbtenT7cvUgdPxr9nJm+nLzZ+lwCg==",
  ],
  [
    "ru",
    "windows-1251",
    "Привет, как дела? — Хорошо.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArP8Oji5fIsIOrg6iDk5evgPyCXINXu8O747i4K",
  ],
  [
    "ru",
    "koi8-u",
    "Привет, как дела? Хорошо.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArw0snXxdQsIMvByyDExczBPyDoz9LP288uCg==",
  ],
  [
    "ru",
    "ibm866",
    "Привет, как дела? Хорошо.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqP4KiipeIsIKqgqiCkpaugPyCVruCu6K4uCg==",
  ],
  [
    "uk",
    "windows-1251",
    "Привіт! Їжак і ґанок, як справи?",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArP8Ojis/IhIK/m4OogsyC04O3u6iwg/+og8e/w4OLoPwo=",
  ],
  [
    "el",
    "windows-1253",
    "Καλημέρα, τι κάνεις; Καλά.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArK4evn7N3x4Swg9Okg6tzt5enyOyDK4evcLgo=",
  ],
  [
    "tr",
    "windows-1254",
    "Günaydın, nasılsın? İyi şanslar",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApH/G5heWT9biwgbmFz/Wxz/W4/IN15aSD+YW5zbGFyCg==",
  ],
  [
    "he",
    "windows-1255",
    "שלום, מה שלומך היום?",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAr57OXtLCDu5CD57OXu6iDk6eXtPwo=",
  ],
  [
    "ar",
    "windows-1256",
    "مرحبا، كيف حالك اليوم؟",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArj0c3Ix6Eg3+3dIM3H4d8gx+Ht5uO/Cg==",
  ],
  [
    "lt",
    "windows-1257",
    "Labas rytas, ačiū už viską, šešėlis",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApMYWJhcyByeXRhcywgYehp+yB1/iB2aXNr4Cwg8GXw62xpcwo=",
  ],
  [
    "th",
    "windows-874",
    "สวัสดีครับ สบายดีไหม",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArKx9HKtNWkw9G6IMq60sK01eTLwQo=",
  ],
  [
    "ja",
    "shift_jis",
    "こんにちは、世界。元気ですか？",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqCsYLxgsmCv4LNgUGQoopFgUKMs4tDgsWCt4KpgUgK",
  ],
  [
    "ja",
    "euc-jp",
    "こんにちは、世界。元気ですか？",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqks6TzpMukwaTPoaLApLOmoaO4tbWkpMekuaSroakK",
  ],
  [
    "zh",
    "gb18030",
    "你好，世界。你今天怎么样？",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArE47rDo6zKwL3noaPE473xzOzU9cO00fmjvwo=",
  ],
  [
    "zh-TW",
    "big5",
    "你好，世界。你今天怎麼樣？",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqnQaZuoUGlQKzJoUOnQaS1pNGr57vyvMuhSAo=",
  ],
  [
    "zh",
    "big5",
    "你好，世界。你今天怎麼樣？我們不知道這是什麼",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqnQaZuoUGlQKzJoUOnQaS1pNGr57vyvMuhSKfarcyko6q+uUSzb6xPpLC78go=",
  ],
  [
    "ko",
    "euc-kr",
    "안녕하세요, 오늘 어떻습니까?",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAq+yLPnx8+8vL/kLCC/wLTDIL7utru9wLTPse4/Cg==",
  ],
  [
    "en",
    "windows-1251",
    "Привет, как дела? — Хорошо.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArP8Oji5fIsIOrg6iDk5evgPyCXINXu8O747i4K",
  ],
  [
    "en",
    "shift_jis",
    "こんにちは、世界。元気ですか？",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAqCsYLxgsmCv4LNgUGQoopFgUKMs4tDgsWCt4KpgUgK",
  ],
  [
    "en",
    "gb18030",
    "你好，世界。你今天怎么样？我们不知道",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArE47rDo6zKwL3noaPE473xzOzU9cO00fmjv87Sw8eyu9aqtcAK",
  ],
  [
    "en",
    "euc-kr",
    "안녕하세요, 오늘 어떻습니까?",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMAq+yLPnx8+8vL/kLCC/wLTDIL7utru9wLTPse4/Cg==",
  ],
  [
    "en",
    "windows-1253",
    "Καλημέρα, τι κάνεις; Καλά.",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMArK4evn7N3x4Swg9Okg6tzt5enyOyDK4evcLgo=",
  ],
  [
    "",
    "windows-1252",
    "Café, naïve, œuvre : l’été à Noël",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApDYWbpLCBuYe92ZSwgnHV2cmUgOiBskul06SDgIE5v62wK",
  ],
  [
    "fr",
    "utf-8",
    "Café, naïve, œuvre : l’été à Noël",
    "MQowMDowMDowMSwwMDAgLS0+IDAwOjAwOjAyLDAwMApDYWbDqSwgbmHDr3ZlLCDFk3V2cmUgOiBs4oCZw6l0w6kgw6AgTm/Dq2wK",
  ],
  [
    "ru",
    "utf-16le",
    "Привет, как дела? — Хорошо.",
    "MQAKADAAMAA6ADAAMAA6ADAAMQAsADAAMAAwACAALQAtAD4AIAAwADAAOgAwADAAOgAwADIALAAwADAAMAAKAB8EQAQ4BDIENQRCBCwAIAA6BDAEOgQgADQENQQ7BDAEPwAgABQgIAAlBD4EQAQ+BEgEPgQuAAoA",
  ],
  [
    "ja",
    "utf-16be",
    "こんにちは、世界。元気ですか？",
    "ADEACgAwADAAOgAwADAAOgAwADEALAAwADAAMAAgAC0ALQA+ACAAMAAwADoAMAAwADoAMAAyACwAMAAwADAACjBTMJMwazBhMG8wAU4WdUwwAlFDbBcwZzBZMEv/HwAK",
  ],
] as const;

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

test.each(FILES)("a file in “%s”, written in %s: %s", (language, encoding, text, base64) => {
  const bytes = bytesOf(base64);
  expect(encodingOf(bytes, language)).toBe(encoding);
  expect(decodeAs(bytes, encodingOf(bytes, language)).split("\n")[2]).toBe(text);
});

test.each([
  ["utf-8", "77u/MQo="],
  ["utf-16le", "//4xAAoA"],
  ["utf-16be", "/v8AMQAK"],
] as const)("the mark of %s goes before every guess, and goes from the text", (encoding, base64) => {
  const bytes = bytesOf(base64);
  expect(encodingOf(bytes, "ru")).toBe(encoding);
  expect(decodeAs(bytes, encoding)).toBe("1\n");
});

test("a letter cut at the end of a file or of the sample does not make it another encoding", () => {
  const text = `1\n00:00:01,000 --> 00:00:02,000\n${"ä".repeat(40_000)}`;
  const bytes = new TextEncoder().encode(text);
  expect(encodingOf(bytes, "de")).toBe("utf-8");
  expect(encodingOf(bytes.subarray(0, 101), "de")).toBe("utf-8");
});

test("nothing, plain letters and noise have an answer", () => {
  expect(encodingOf(new Uint8Array(), "")).toBe("utf-8");
  expect(encodingOf(new TextEncoder().encode("1\nplain"), "ja")).toBe("utf-8");
  for (const language of ["en", "ja", "x", "zh-Hant-TW"])
    for (let seed = 1; seed < 4; seed += 1) {
      const noise = Uint8Array.from(
        { length: 600 },
        (_, n) => (Math.imul(n + seed, 2_654_435_761) >>> 24) | ((n % 3) << 6),
      );
      expect(ENCODING_NAMES).toContain(encodingOf(noise, language));
    }
});
