/** Paths of the built script of visitors' pages: the entry, the player that it loads, and what both share. */
declare const visitor: { main: string; hls: string; shared: readonly string[] };
export default visitor;
