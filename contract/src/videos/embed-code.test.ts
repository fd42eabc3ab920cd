import { expect, test } from "vitest";
import { embedCode } from "./embed-code.ts";

test("a title cannot end its attribute, and a video without a size has the usual shape", () => {
  const code = embedCode("https://a.test/embed/x?a=1&b=2", {
    title: `"><script>'&`,
    width: null,
    height: null,
  });
  expect(code).toContain('src="https://a.test/embed/x?a=1&amp;b=2"');
  expect(code).toContain('title="&quot;&gt;&lt;script&gt;&#39;&amp;"');
  expect(code).toContain("aspect-ratio:1280/720");
  expect(embedCode("/", { title: "", width: 640, height: 480 })).toContain('width="640" height="480"');
});
