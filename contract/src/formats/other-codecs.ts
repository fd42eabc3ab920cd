/**
 * Names that people use for codecs that are refused or left out, for failure messages and notes. A key is
 * FFmpeg's name.
 */

// biome-ignore format: several to a line.
export const OTHER_CODECS: ReadonlyMap<string, string> = new Map(Object.entries({
  wmv3: "WMV 9", wmv3image: "WMV 9 Image", vc1: "VC-1", vc1image: "VC-1 Image", mss1: "Windows Media Screen", mss2: "Windows Media Screen 2",
  vvc: "VVC (H.266)", evc: "EVC", cavs: "AVS", avs2: "AVS2", avs3: "AVS3", dirac: "Dirac", snow: "Snow", magicyuv: "MagicYUV",
  vp3: "VP3", vp5: "VP5", vp6: "VP6", vp6f: "VP6", vp6a: "VP6", vp7: "VP7", svq3: "Sorenson Video 3", h261: "H.261", h263p: "H.263+",
  rv10: "RealVideo 1", rv20: "RealVideo 2", rv30: "RealVideo 3", rv40: "RealVideo 4", msmpeg4v1: "Microsoft MPEG-4 v1",
  indeo2: "Indeo 2", indeo3: "Indeo 3", indeo4: "Indeo 4", indeo5: "Indeo 5", lagarith: "Lagarith", hq_hqa: "Canopus HQ", hqx: "Canopus HQX",
  tscc: "TechSmith Capture", tscc2: "TechSmith Capture 2", g2m: "GoToMeeting", jpeg2000: "JPEG 2000", exr: "OpenEXR",
  png: "PNG", gif: "GIF", webp: "WebP", bmp: "BMP",
  wmapro: "WMA Pro", wmalossless: "WMA Lossless", wmavoice: "WMA Voice", wavpack: "WavPack", tta: "True Audio", ape: "Monkey's Audio",
  ac4: "Dolby AC-4", dolby_e: "Dolby E", mpegh_3d_audio: "MPEG-H 3D Audio", atrac3: "ATRAC3", mp1: "MP1",
  cook: "RealAudio Cook", sipr: "RealAudio SIPR", ra_144: "RealAudio 1", ra_288: "RealAudio 2",
  qdm2: "QDesign Music 2", qdmc: "QDesign Music", qcelp: "QCELP", evrc: "EVRC", gsm: "GSM", gsm_ms: "GSM", mace3: "MACE 3", mace6: "MACE 6",
  adpcm_g722: "G.722", adpcm_g726: "G.726", g723_1: "G.723.1", g729: "G.729",
}));
