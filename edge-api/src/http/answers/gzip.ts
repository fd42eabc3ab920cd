/** Whether a client takes gzip (RFC 9110, section 12.5.3). The runtime compresses what is declared so. */

/** `acceptEncoding` as sent. Without the header, or with `q=0`, it does not. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? "").split(",").some((entry) => {
    const [coding = "", ...parameters] = entry.toLowerCase().split(";");
    return coding.trim() === "gzip" && !parameters.some((each) => /^\s*q=0(\.0*)?\s*$/.test(each));
  });
}
