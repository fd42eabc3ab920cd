/** The API's problems by their codes, as title and advice. Loaded when one is to be shown. */
import type { ProblemCode } from "@storagex/contract/problem";

const problems: Readonly<Record<ProblemCode, string>> = {
  "request.malformed": "Die Anfrage ist kein gültiges JSON. Lade die Seite neu.",
  "request.invalid": "Einige Angaben passen nicht. Prüfe die Felder.",
  "request.timeout": "Die Anfrage kam nicht rechtzeitig ganz an. Versuche es noch einmal.",
  "request.too_large": "Die Anfrage ist zu groß. Kürze, was du eingegeben hast.",
  "request.unsupported_type": "Dieses Format nimmt der Server nicht an. Lade die Seite neu.",
  "request.not_found": "Diese Adresse gibt es nicht.",
  "request.method_not_allowed": "Diese Adresse erlaubt das nicht. Lade die Seite neu.",
  "request.changed_meanwhile": "Das Video wurde inzwischen geändert. Sieh es dir noch einmal an.",
  "request.idempotency_reused": "Dieser Idempotenz-Schlüssel gehört zu einer anderen Anfrage.",
  "request.idempotency_running": "Die erste Anfrage läuft noch. Versuche es gleich noch einmal.",
  "request.too_many": "Zu viele Anfragen. Warte eine Minute.",
  "request.host_refused":
    "StorageX ist nur für diesen Rechner eingerichtet. Öffne es als localhost, oder lass STORAGEX_PUBLIC_URL setzen.",
  "auth.required": "Melde dich zuerst an.",
  "auth.token_invalid": "Deine Anmeldung gilt nicht mehr. Melde dich noch einmal an.",
  "auth.wrong_credentials": "E-Mail oder Passwort ist falsch. Prüfe beides und versuche es noch einmal.",
  "auth.refresh_invalid": "Deine Sitzung ist abgelaufen. Melde dich noch einmal an.",
  "auth.origin_refused": "Falsche Herkunft. Öffne StorageX unter seiner eigenen Adresse.",
  "auth.too_many_attempts": "Zu viele Versuche. Warte ein paar Minuten.",
  "auth.session_only": "Das darf kein API-Schlüssel. Melde dich an.",
  "auth.scope_missing": "Dieser API-Schlüssel darf das nicht. Erstelle einen mit dem fehlenden Recht.",
  "auth.forbidden": "Das darf nur ein Administrator.",
  "auth.registration_closed":
    "Hier kann man sich nicht registrieren. Bitte einen Administrator um ein Konto.",
  "account.email_taken":
    "Mit dieser E-Mail gibt es schon ein Konto. Melde dich an oder nimm eine andere Adresse.",
  "account.wrong_password": "Falsches Passwort. Prüfe es und versuche es noch einmal; geändert wurde nichts.",
  "account.last_admin":
    "Das ist der letzte Administrator. Mache zuerst ein anderes Konto zum Administrator: Jemand muss diese Installation betreiben.",
  "account.own":
    "Das ist dein eigenes Konto. Lösche es auf der Seite „Konto“; sperren kann es ein anderer Administrator.",
  "account.disabled": "Dieses Konto ist gesperrt. Bitte einen Administrator, es zu entsperren.",
  "worker.not_found": "Diesen Worker gibt es nicht, oder er war seit einem Tag nicht zu sehen.",
  "account.link_invalid":
    "Dieser Link gilt nicht mehr: Er wurde benutzt, ersetzt oder ist abgelaufen. Bitte einen Administrator um einen neuen.",
  "account.not_found": "Dieses Konto gibt es nicht mehr.",
  "setup.token_invalid":
    "Der Einrichtungslink wurde benutzt, ist abgelaufen oder enthält einen Tippfehler. Starte StorageX neu, um einen neuen zu bekommen.",
  "video.not_found": "Dieses Video gibt es nicht, oder es gehört dir nicht.",
  "video.not_playable": "Es gibt noch nichts abzuspielen. Warte, bis der Anfang kodiert ist.",
  "video.external_id_taken": "Ein anderes Video dieses Kontos hat diese externe ID. Nimm eine andere.",
  "video.wrong_status": "Der Zustand des Videos erlaubt das nicht. Lade die Seite neu.",
  "source.gone":
    "Das Original ist nicht mehr da: Es wurde vor dem Ende des Uploads abgelehnt oder danach verändert. Lade es noch einmal hoch.",
  "source.assembling": "Das Original ist noch nicht zusammengesetzt. Warte, bis der Upload fertig ist.",
  "session.not_found": "Diese Sitzung gibt es nicht; vielleicht ist sie schon beendet.",
  "video.too_many_tags": "Ein Video hat höchstens 20 Tags. Entferne zuerst einige.",
  "upload.too_many_open": "Zu viele offene Uploads. Beende zuerst einige oder brich sie ab.",
  "upload.too_often":
    "Zu viele Uploads in kurzer Zeit (höchstens 2.000 in 15 Minuten, über einen Link 200). Warte ein paar Minuten.",
  "upload.quota_exceeded": "Der Speicher ist voll. Lösche Videos, oder bitte einen Administrator um mehr.",
  "upload.parts_missing": "Teile des Uploads fehlen. Versuche es noch einmal; sie werden nachgereicht.",
  "upload.size_mismatch": "Die gespeicherte Größe stimmt nicht. Versuche es noch einmal.",
  "upload.expired": "Der Upload ist abgelaufen. Beginne ihn neu.",
  "upload.part_out_of_range": "Diesen Teil des Uploads gibt es nicht. Beginne den Upload neu.",
  "upload.profile_not_allowed": "Diese Qualität ist nicht erlaubt. Wähle eine andere auf der Seite „Konto“.",
  "captions.invalid":
    "Diese Untertitel lassen sich nicht als SRT, WebVTT, ASS oder SSA lesen. Prüfe die Datei.",
  "captions.not_found": "Diese Untertitel gibt es nicht mehr.",
  "captions.too_many": "Ein Video hat höchstens 20 Untertitelspuren. Lösche zuerst eine.",
  "captions.too_often":
    "Zu viele Untertitel auf einmal oder in kurzer Zeit (höchstens 200 in 15 Minuten). Warte ein paar Minuten.",
  "poster.too_often": "Zu viele Poster in kurzer Zeit (höchstens 100 in 15 Minuten). Warte ein paar Minuten.",
  "playback.token_invalid": "Der Link zum Abspielen ist abgelaufen. Lade die Seite neu.",
  "sharing.not_allowed": "Der Betreiber dieses StorageX erlaubt diese Art zu teilen nicht.",
  "share.not_found":
    "Dieser Link wurde widerrufen, ist abgelaufen oder enthält einen Tippfehler. Bitte die Person, die ihn geschickt hat, um einen neuen.",
  "share.locked": "Dieses Video hat ein Passwort.",
  "share.wrong_password": "Falsches Passwort. Prüfe es, oder frag, wer den Link geschickt hat.",
  "share.too_many": "Ein Video hat höchstens 100 Links. Widerrufe zuerst einen.",
  "api_key.not_found": "Diesen Schlüssel gibt es nicht, oder er gehört dir nicht.",
  "api_key.too_many":
    "Ein Konto hat höchstens 100 API-Schlüssel. Lösche zuerst einen, der nicht mehr gebraucht wird.",
  "playback_key.not_found": "Diesen Schlüssel gibt es nicht, oder er gehört dir nicht.",
  "playback_key.too_many": "Ein Konto hat höchstens 50 Wiedergabeschlüssel. Lösche zuerst einen.",
  "import.refused":
    "Nur http- und https-Adressen im öffentlichen Internet werden abgerufen. Andere kann der Betreiber mit STORAGEX_IMPORT_ALLOW erlauben.",
  "import.no_parts":
    "Dieses Video holt der Server selbst; niemand sonst kann Teile schicken. Lösche das Video, um den Import zu beenden.",
  "upload_link.not_found": "Diesen Upload-Link gibt es nicht, oder er gehört dir nicht.",
  "upload_link.too_many":
    "Ein Konto hat höchstens 1.000 Upload-Links, die noch gelten. Widerrufe zuerst einige.",
  "upload_link.not_allowed": "Mit einem Upload-Link lässt sich nur ein Upload beginnen.",
  "upload_link.used_up":
    "Die Uploads dieses Links sind verbraucht, oder andere laufen noch. Frage, wer ihn geschickt hat.",
  "upload_link.expired": "Dieser Upload-Link ist abgelaufen. Bitte um einen neuen, wer ihn geschickt hat.",
  "upload_link.no_parts":
    "Nur wer dieses Video über einen Link hochlädt, kann seine Teile schicken. Lösche das Video, um den Upload zu beenden.",
  "webhook.not_found": "Diesen Webhook gibt es nicht, oder er gehört dir nicht.",
  "webhook.delivery_not_found": "Diese Zustellung gibt es nicht mehr. Sie werden 30 Tage aufbewahrt.",
  "webhook.too_many": "Ein Konto hat höchstens 200 Webhooks. Lösche zuerst einen.",
  "webhook.disabled": "Dieser Webhook ist ausgeschaltet. Schalte ihn zuerst wieder ein.",
  "webhook.address_refused":
    "An diese Adresse wird nichts geschickt. Nimm eine https-Adresse im Internet, oder lass den Betreiber sie erlauben.",
  "oembed.format_unknown": "oEmbed gibt es nur als JSON.",
  "storage.unavailable": "Der Speicher antwortet nicht. Versuche es gleich noch einmal; verloren ist nichts.",
  "database.unavailable":
    "Die Datenbank antwortet nicht. Versuche es gleich noch einmal; verloren ist nichts.",
  "broker.unavailable": "Der Broker antwortet nicht. Versuche es gleich noch einmal.",
  "configuration.invalid": "Der Betreiber muss die Einstellungen in Ordnung bringen; siehe /readyz.",
  "internal.token_invalid": "Das Dienst-Token gilt nicht.",
  "report.unstorable": "Die Datenbank kann etwas darin nicht speichern.",
  "report.object_missing": "Ein Objekt liegt nicht im Speicher.",
  "internal.error":
    "Interner Fehler. Versuche es noch einmal; tritt er wieder auf, melde ihn mit der Trace-ID.",
};

export default problems;
