import type { MediaFailureCode } from "@storagex/contract/media/failure";
import type { MediaNoteCode } from "@storagex/contract/media/note";
import type { RepairCode } from "@storagex/contract/webvtt/repairs";
import { namedFailure } from "./named-failures.ts";

const failures: Readonly<Record<MediaFailureCode, string>> = {
  "source.empty": "Diese Datei ist leer. Lade sie noch einmal vom Original hoch.",
  "source.not_video":
    "Das ist keine Videodatei, die wir lesen können. Exportiere sie als MP4 (H.264 oder HEVC), MOV, MKV oder WebM und lade das hoch.",
  "source.bare_stream":
    "Das ist ein roher Videostrom ohne Container: Er enthält keine Zeiten und keinen Ton. Pack ihn mit seiner Bildrate in MP4 oder MKV und lade das hoch.",
  "source.truncated":
    "Diese Datei ist unvollständig. Wahrscheinlich wurde sie beim Kopieren abgeschnitten: Lade sie noch einmal hoch.",
  "source.no_media":
    "Diese Datei beschreibt ein Video, enthält aber keine Bilder davon. Exportiere es noch einmal und lade die neue Kopie hoch.",
  "source.no_timestamps":
    "Die Bilder in dieser Datei haben keine Zeiten. Exportiere sie als MP4 und lade das hoch.",
  "source.no_video": "Diese Datei hat kein Video, nur Ton oder ein Titelbild.",
  "source.damaged":
    "Diese Datei ist beschädigt: Ihr Video lässt sich nicht dekodieren. Exportiere sie noch einmal und lade die neue Kopie hoch.",
  "source.too_large_picture":
    "Das Video ist größer als 40 Megapixel oder 8192 Pixel je Seite. Exportiere es kleiner und lade es noch einmal hoch.",
  "source.too_long": "Dieses Video ist länger als 24 Stunden. Teile es und lade die Teile hoch.",
  "source.too_many_streams":
    "Diese Datei enthält mehr Spuren, als wir lesen (64). Exportiere sie mit weniger.",
  "source.unsupported_codec":
    "Bild oder Ton hat ein Format, das wir nicht dekodieren. Exportiere die Datei als H.264 mit AAC, oder als HEVC, VP9 oder AV1, und lade das hoch.",
  "source.unknown_codec":
    "Das Format des Videos ist nicht zu erkennen: Die Datei nennt es nicht, und seine ersten Sekunden zeigen es nicht. Exportiere es als MP4 (H.264 mit AAC) und lade das hoch.",
  "source.encrypted":
    "Diese Datei ist durch einen Kopierschutz gesperrt. Lade eine Kopie hoch, die ohne Lizenz läuft.",
  "source.dolby_vision":
    "Dieses Video ist in Dolby Vision Profil 5, dessen Farben nur lizenzierte Player zeigen können. Exportiere es als HDR10, HLG oder SDR und lade das hoch.",
  "source.too_sparse":
    "Diese Datei zeigt über eine Stunde lang seltener als alle zehn Minuten ein neues Bild. Exportiere sie mit fester Bildrate und lade das hoch.",
  "source.changed": "Die hochgeladene Datei hat sich beim Lesen geändert. Lade sie noch einmal hoch.",
  "source.unstorable":
    "Ein Name oder eine Zahl in dieser Datei, etwa der Titel einer Spur, lässt sich nicht speichern. Exportiere sie noch einmal und lade die neue Kopie hoch.",
  "source.unreadable": "Der Speicher hat die Datei nicht geliefert. Wir versuchen es von selbst noch einmal.",
  "transcoder.output_invalid":
    "Das Ergebnis des Encoders hat die Prüfung nicht bestanden. Wir versuchen es von selbst noch einmal; bleibt es so, exportiere die Datei als H.264 mit AAC und lade die neue Kopie hoch.",
  "transcoder.result_refused":
    "Die Datei wurde gelesen, aber der Server hat das Ergebnis seines Workers nicht angenommen. Deine Datei ist nicht schuld: Sag es dem Betreiber, der beide aktualisieren sollte.",
  "transcoder.copy_unfit": "Das Video der Datei kann nicht bleiben, wie es ist. Wir kodieren es.",
  "transcoder.crashed":
    "Der Encoder ist an dieser Datei unerwartet stehen geblieben. Wir versuchen es von selbst noch einmal; bleibt es so, exportiere die Datei als H.264 mit AAC und lade die neue Kopie hoch.",
  "transcoder.timeout":
    "Das Kodieren hat länger gedauert als erlaubt. Versuche es noch einmal, oder lade ein kürzeres Video hoch.",
  "transcoder.upload_failed":
    "Der Speicher hat das Ergebnis nicht angenommen. Wir versuchen es von selbst noch einmal.",
  "transcoder.disk_full":
    "Dem Worker ist der Plattenplatz ausgegangen. Wir versuchen es von selbst noch einmal.",
  "transcoder.interrupted":
    "Das Kodieren wurde fünfmal unterbrochen, weil Worker verschwanden. Versuche es noch einmal, wenn deine Worker stabil laufen.",
  "transcoder.gave_up":
    "Das Kodieren ist nach mehreren Versuchen nicht gelungen. Versuche es noch einmal, oder lade eine andere Kopie hoch.",
  "poster.not_image": "Das ist kein Bild in JPEG oder PNG. Exportiere es als eines davon und lade das hoch.",
  "poster.image_damaged":
    "Dieses Bild ist beschädigt oder unvollständig: Es lässt sich nicht dekodieren. Exportiere es noch einmal und lade die neue Kopie hoch.",
  "poster.image_too_large":
    "Dieses Bild hat mehr als 40 Megapixel. Exportiere es kleiner und lade es noch einmal hoch.",
  "poster.not_uploaded": "Das Bild wurde nicht rechtzeitig hochgeladen. Lade es noch einmal hoch.",
  "poster.not_made":
    "Das Poster konnte nicht gemacht werden. Versuche es noch einmal, oder wähle ein anderes Bild.",
  "import.refused":
    "Diese URL wird nicht abgerufen: Sie liegt nicht im öffentlichen Internet, oder sie leitet zu oft oder an einen solchen Ort weiter. Nimm eine andere URL, oder lade die Datei hoch.",
  "import.unreachable":
    "Die URL war mehrmals nicht zu erreichen, oder ihr Server hat mit einem Fehler geantwortet. Prüfe, ob sie funktioniert, und versuche es noch einmal.",
  "import.not_found":
    "Unter dieser URL gibt es keine Datei, oder sie ist für uns nicht offen. Prüfe die URL, und ob der Zugriff abgelaufen ist.",
  "import.too_large":
    "Die Datei unter dieser URL ist größer als erlaubt oder als der Platz, der noch frei ist. Importiere eine kleinere.",
  "import.interrupted":
    "Die Datei ist nicht vollständig angekommen: Ihr Server hat immer wieder abgebrochen oder war zu langsam. Versuche es noch einmal, oder lade die Datei hoch.",
  "account.disabled":
    "Das Konto wurde gesperrt, während dieses Video kodiert wurde. Versuche es noch einmal, wenn es entsperrt ist.",
};

const notes: Readonly<Record<MediaNoteCode, string>> = {
  "audio.left_out": "Tonspur {track} ({codec}) lässt sich nicht dekodieren und wurde weggelassen.",
  "audio.silent": "Tonspur {track} enthält nichts, was sich dekodieren lässt: Sie ist stumm.",
  "audio.breaks_off": "Tonspur {track} lässt sich ab {at} nicht mehr dekodieren: Von da an ist sie stumm.",
  "audio.damaged":
    "Tonspur {track} ist größtenteils beschädigt: Wo sie sich nicht dekodieren lässt, ist sie stumm.",
  "audio.nothing_heard": "Tonspur {track} enthält nur Stille, auch schon in der Datei selbst.",
  "audio.other_programme":
    "Die Datei enthält mehrere Programme. Tonspuren, die nicht zum Video gehören, wurden weggelassen: {count}.",
  "audio.too_many": "Die ersten {taken} Tonspuren wurden übernommen, die übrigen {left} weggelassen.",
  "audio.paired":
    "Die Tonspuren {left} und {right}, mono und ohne Namen, wurden links und rechts einer Stereospur.",
  "audio.layout_assumed":
    "Die {channels} Kanäle der Tonspur {track} haben in der Datei keine Namen und wurden als {layout} gelesen.",
  "audio.mixed":
    "Die {channels} Kanäle der Tonspur {track} haben in der Datei keine Namen: Ungerade wurden nach links gemischt, gerade nach rechts.",
  "audio.ambisonic":
    "Tonspur {track} ist Ambisonics: Sie wurde auf ihren ersten Kanal reduziert, ohne Richtungen.",
};

const repairs: Readonly<Record<RepairCode, string>> = {
  time_form: "Zeiten in ungewöhnlicher Form wurden gelesen (wie 0:00:01.5).",
  negative_time: "Einblendungen, die vor null beginnen, beginnen bei null.",
  no_duration: "Einblendungen, die endeten, wo oder bevor sie begannen, haben eine Dauer bekommen.",
  order: "Einblendungen wurden in ihre Reihenfolge gebracht.",
  blank_line: "Leere Zeilen im Text einer Einblendung wurden entfernt.",
  missing_blank_line: "Einblendungen ohne leere Zeile davor wurden getrennt.",
  left_out: "Zeilen, die zu keiner lesbaren Einblendung gehören, wurden weggelassen.",
  no_cue: "Nummern ohne Einblendung wurden weggelassen.",
  markup: "Auszeichnungen, die Player nicht zeigen, wurden entfernt; ihr Text blieb.",
  drawing: "Zeichnungen (ASS) wurden weggelassen.",
  control_characters: "Steuerzeichen wurden entfernt.",
  undecoded:
    "Einige Zeichen waren schon verloren, bevor die Datei hierherkam: Sie wurde in der falschen Kodierung gelesen.",
};

export const sentences = { failures, namedFailure, notes, repairs };
