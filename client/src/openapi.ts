/** Generated from the OpenAPI document: `npm run client:types` writes it. */
export interface paths {
    "/oembed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * oEmbed of a watch page or a share without a password
         * @description For sites that turn an address into a player (oembed.com). `maxwidth` and `maxheight` are heeded; the format is JSON.
         */
        get: operations["oembed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what to whom, when and from where: privileged acts and changes of credentials, the last first
         * @description Entries are kept for a year.
         */
        get: operations["adminAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Failed videos with their reasons, the last failure first
         * @description And how many videos failed with each `code`; `code` shows only those.
         */
        get: operations["adminFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/failures/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry failed videos, at most 50 a call
         * @description Those with the `code`, or the `ids`; with neither, all. Call again while `left` is above 0.
         */
        post: operations["retryFailures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits and what runs; at most two seconds old
         * @description Videos and tasks by kind, how long the first has waited, how fast it goes, and when the queue will be empty (`drainSeconds`, null while nothing is encoded).
         */
        get: operations["adminQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each account stored, encoded and played, by day; the newest account first
         * @description The last 30 days (of UTC) if the call names none; at most 93.
         */
        get: operations["adminUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users
         * @description `q` searches e-mail address and name. Each has what it stores and may store.
         */
        get: operations["adminUsers"];
        put?: never;
        /**
         * Create an account for somebody, with a one-time invitation link
         * @description The account exists at once; its owner chooses a password by the link, within seven days. Send the link yourself: StorageX sends no mail.
         */
        post: operations["inviteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a user with all their videos
         * @description As the account's own deletion: every video answers 404 at once, and its objects are removed right after.
         */
        delete: operations["adminDeleteUser"];
        options?: never;
        head?: never;
        /**
         * Change a user's role or quotas, disable or enable the account
         * @description Only the fields that are given are changed. A disabled account's tokens, sessions and players are refused within five seconds, and its videos stop encoding. The last administrator who can sign in can be neither disabled nor demoted.
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/admin/users/{id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a one-time link by which the user sets a new password
         * @description It lasts 24 hours; send it yourself, StorageX sends no mail. The password there is stays until the link is used.
         */
        post: operations["resetUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everybody's videos
         * @description Filters and orders are those of one's own list; `owner` is an account's id.
         */
        get: operations["adminVideos"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Workers seen within a day, with what they run; at most two seconds old
         * @description With version, FFmpeg, encoder, slots and state of each.
         */
        get: operations["adminWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers/{name}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a worker finish its tasks and take no new one
         * @description From its next claim on, and also over its own restarts, until it is resumed.
         */
        post: operations["drainWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a worker take tasks again
         * @description From its next claim on.
         */
        post: operations["resumeWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the password by an invitation or reset link, and sign in
         * @description An invitation lasts seven days, a reset link 24 hours; a newer link of the account replaces it.
         */
        post: operations["join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whose password an invitation or reset link sets
         * @description A page shows it before it asks for a password. Nothing is used up by it.
         */
        post: operations["readLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Ten attempts on one account within 15 minutes are answered. The access token lives five minutes; programs that run by themselves use an API key instead.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out: ends this session
         * @description The refresh cookie is cleared. Access tokens of the session are refused at once, its event streams end within five seconds.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new access token by the refresh cookie
         * @description For pages of StorageX itself: the cookie is theirs. The one before stays valid until its successor has been used, and ten seconds more; an older one ends the session.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account and sign in
         * @description Where the operator has closed registration it is refused: an administrator invites then. The access token is for programs and pages; the cookie lets a browser get the next one.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this browser sends a refresh token
         * @description The token is not checked. Pages ask it before they refresh, so that a first visit is no 401.
         */
        get: operations["presence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the first administrator with the one-time setup link
         * @description The link is printed by the first start, and good once, for an hour.
         */
        post: operations["setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live changes as server-sent events
         * @description Of one's own videos; of all, for an administrator. Reconnect with `Last-Event-ID` and nothing is missed of 30 days (nor repeated, with one from before a restore of the database); at the start, read the list. `processing` has only the chunks that run or have changed.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The keys of the account, newest first; at most 100
         * @description With the end of each secret, its scopes, and when it was last used, to the minute.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make a key by which a program calls the API; its secret is shown this once
         * @description It acts for the account that makes it, as far as its scopes allow; writing does not include reading. Keep the secret: only its end is shown later.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key: the next call by it is refused, its live streams end within 5 s
         * @description It cannot be undone. What was made by the key stays.
         */
        delete: operations["deleteKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/linked/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the page of an upload link shows: whether it takes an upload, and of what size
         * @description For whoever has the link; it asks for no other credential.
         */
        get: operations["readUploadLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I, and how much is stored
         * @description With what it stores and may store, and the largest file and the profiles of its uploads.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change one's name, theme, language, or the profile of new videos
         * @description Only the fields that are given are changed. `profile` is used for new videos whose ticket names none.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/v1/me/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete one's own account with all its videos
         * @description Every video answers 404 at once, its objects are removed right after, and running work is cancelled. The last administrator cannot be deleted.
         */
        post: operations["deleteMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password
         * @description A wrong current password counts as an attempt to sign in. API keys stay.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where one is signed in, the last used first
         * @description A session ends after 30 days without use, and 180 days after it began. `client` is the program that signed in, as far as it says.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * Sign out everywhere else
         * @description Their access tokens are refused at once, their event streams end within five seconds.
         */
        delete: operations["endOtherSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out one of one's sessions
         * @description Its access tokens are refused at once, its event streams end within five seconds.
         */
        delete: operations["endOneSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/playback-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your playback keys, newest first; at most 50
         * @description Their public halves. The private ones are not here.
         */
        get: operations["listPlaybackKeys"];
        put?: never;
        /**
         * Register a key with which your site signs viewer tokens
         * @description Send your own public key (EC P-256 or Ed25519), or none: then a pair is made, and its private half is shown this once and kept nowhere.
         */
        post: operations["createPlaybackKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/playback-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a playback key: within 5 s no token signed with it is accepted
         * @description It cannot be undone: sign with another key first.
         */
        delete: operations["deletePlaybackKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/videos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A public video, or one for which a site has signed a viewer token
         * @description What a player's page needs. A viewer token is signed by a playback key of the account that owns the video.
         */
        get: operations["publicVideo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shared/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The video of a share, for whoever has its link
         * @description What a player's page needs. Where the share has a password, first prove it and send `X-Share-Unlock` along.
         */
        get: operations["sharedVideo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shared/{token}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove the password of a share
         * @description What it answers lasts for twelve hours, or until the password changes. Ten wrong passwords in a quarter of an hour are answered, then 429.
         */
        post: operations["unlockShare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tags of one's own videos, the most used first (at most 1,000)
         * @description With how many of one's videos have each: what a page offers as filters.
         */
        get: operations["listTags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upload-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The links that were not revoked, newest first, for 30 days after their end
         * @description With how often each was used, and when it ends.
         */
        get: operations["listUploadLinks"];
        put?: never;
        /**
         * Make a link by which others upload to this account, without having one
         * @description Its token uploads as often, and as much, as the link allows; what it uploads belongs to this account and counts in its quota.
         */
        post: operations["createUploadLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upload-links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a link: nothing is begun by it, and nobody who uploaded by it goes on or watches
         * @description What is uploaded stays. What is not complete ends with its ticket, or with its deletion.
         */
        delete: operations["deleteUploadLink"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What one's account stored, encoded and played, by day
         * @description The last 30 days (of UTC) if the call names none; at most 366.
         */
        get: operations["usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's own videos, newest first unless sorted otherwise
         * @description Pages of up to 100: send `nextCursor` as `cursor`, with the same filters and the same order. Filters are combined. Descriptions, pairs and chapters are left out: a video's own address has them.
         */
        get: operations["listVideos"];
        put?: never;
        /**
         * Get a ticket: a video and the first part URLs
         * @description By an upload link, the body holds only `filename`, `size`, `contentType` and `title`, everything else is the link's; the answer adds `token`, the bearer for the rest of this upload and for watching its video.
         */
        post: operations["createVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One video with its source and processing
         * @description With description, pairs, chapters, captions, posters, and what the source holds. While it is encoded, `processing` has every chunk. The `ETag` begins with the `revision`, so `If-Match` of a change takes it.
         */
        get: operations["getVideo"];
        put?: never;
        post?: never;
        /**
         * Delete the video, its objects and its queued work
         * @description Every call answers 404 from now on. With `undo`, objects and quota stay until so many seconds have passed, and `restore` brings the video back until then.
         */
        delete: operations["deleteVideo"];
        options?: never;
        head?: never;
        /**
         * Change texts, tags, pairs, chapters, visibility, or choose the poster
         * @description Only the fields that are given are changed, all or none of them. `metadata` is merged, null removes a pair. With `If-Match` nothing is changed where somebody else was faster (412).
         */
        patch: operations["updateVideo"];
        trace?: never;
    };
    "/v1/videos/{id}/audience": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who watched a video: views, the curve of what was watched, places and devices
         * @description The last 30 days (of UTC) if the call names none; at most 366. What players report appears within half a minute.
         */
        get: operations["audience"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/captions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add captions from the text of an SRT, WebVTT, ASS or SSA file
         * @description Decode the file's bytes first. Files are accepted as tools write them: `mended` says what was repaired. A video has up to 20 tracks; they can be added once its upload is complete, and stay over a retry.
         */
        post: operations["addCaptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/captions/{captionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete captions, added or found in the source
         * @description The video's `revision` rises, as with every edit.
         */
        delete: operations["deleteCaptions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete the upload and queue the video
         * @description The object store is asked which parts are there; those that are missing are named. Sent again after it has succeeded, it answers the video as it is.
         */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Signed URLs for playing
         * @description There as soon as the first seconds are encoded (`state` is `partial`; `hls` is null before). Whoever has the URLs may play until `expiresAt`, from any site.
         */
        get: operations["playback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/poster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a frame of a completed video, or an image of one's own, its poster
         * @description `{at}` takes the frame shown at that time. `{size, contentType}` answers a URL to PUT a JPEG or PNG to. `posterChange` of the video says how far it is, or why it failed; the poster stays as it is until the new one is made, and `revision` rises then. A newer request replaces one that is not done.
         */
        post: operations["makePoster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo a deletion that was made with `undo`
         * @description Possible until the time has passed that the deletion named. Work that it stopped begins anew.
         */
        post: operations["restoreVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Process a failed video again
         * @description Captions and edits stay. An import is fetched again; a file that cannot be read fails again.
         */
        post: operations["retryVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The shares of a video, newest first; at most 100
         * @description With their addresses, and how often each was watched. Passwords are not shown.
         */
        get: operations["listShares"];
        put?: never;
        /**
         * Make a link by which anyone who has it may watch the video
         * @description It shows the video and nothing else of the account; with a password only to who knows it, until `expiresIn` has passed, and only in frames of `embedOrigins` where those are given.
         */
        post: operations["createShare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/shares/{shareId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a share: within 5 s nothing more is given out by it
         * @description It cannot be undone: make another one instead, whose address differs.
         */
        delete: operations["deleteShare"];
        options?: never;
        head?: never;
        /**
         * Change a share; a new password ends what the old one unlocked
         * @description Only the fields that are given are changed; its address stays.
         */
        patch: operations["updateShare"];
        trace?: never;
    };
    "/v1/videos/{id}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A signed URL of the original file, to save it under its own name
         * @description Once the upload is complete. Whoever has the URL may save the file until `expiresAt`.
         */
        get: operations["source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Quality, bitrates and cost of a completed video
         * @description Sizes and bitrates of each rendition, their similarity to the source, what each stage cost, and the encode along the timeline.
         */
        get: operations["statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Abort an unfinished upload
         * @description What was sent is removed. Once the upload has ended it is refused: delete the video instead.
         */
        delete: operations["abortUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/upload/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What storage already has, for resuming
         * @description Storage itself is asked: what is listed need not be sent again, also by another process on another day.
         */
        get: operations["storedParts"];
        put?: never;
        /**
         * Get URLs for further parts
         * @description Each takes exactly its part's length, for an hour at most. Ask again for one that has ended.
         */
        post: operations["partUrls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{id}/upload/stored": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that parts are stored, and learn which to send next
         * @description Optional: an upload whose client never calls it completes just the same. Storage is asked at most once a second for a video; a call in between finds nothing.
         */
        post: operations["partsStored"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One act on up to 100 videos
         * @description Each video has its own result; what cannot be done for one is done for the others. What is deleted is a 404 at once, its objects and its share of the quota go within seconds.
         */
        post: operations["changeVideos"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a video from a URL
         * @description The source is fetched by the server, and encoded while it comes where the answer says its length. Only public addresses are fetched, and those that the operator lists in STORAGEX_IMPORT_ALLOW, also where a redirect leads. What goes wrong later is the video's `error`.
         */
        post: operations["importVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The webhooks of the account, newest first; at most 200
         * @description With whether each is enabled, and why not. Secrets are not shown.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have an endpoint told what happens to your videos; its secret is shown this once
         * @description Signed as Standard Webhooks says. Without `events` it is told all, also those that later releases add. What is sent is described under `webhooks` of this document.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook
         * @description The secret is not shown: rotate it where it is lost.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook with its deliveries
         * @description What is on its way may still arrive; nothing more is sent.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook, disable or enable it
         * @description While it is disabled nothing is sent; what happens meanwhile is not sent later either.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent or is to be sent, newest first; kept for 30 days
         * @description With how each try ended, and the beginning of what the endpoint answered.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again, at once and if needed with all tries
         * @description With the same `webhook-id` and the same body. Endpoints must take an event twice anyway.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another secret; the one before signs along for 24 hours
         * @description Until then both signatures are sent, so that the endpoint can take the new secret over without a gap.
         */
        post: operations["rotateWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the event `webhook.test`, whatever events the webhook has
         * @description It is delivered, tried again and shown like any other. A disabled webhook is refused.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "upload.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An upload was not finished in time
         * @description Its ticket has ended, and the video is gone.
         */
        post: operations["onUploadExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The video is encoded in all its renditions
         * @description It comes again after a retry.
         */
        post: operations["onVideoCompleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A video is there, without its source yet
         * @description A ticket was made, or an import was begun.
         */
        post: operations["onVideoCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.deleted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The video is gone for good
         * @description A deletion that can be undone is told when it is final.
         */
        post: operations["onVideoDeleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The video cannot be encoded, or not be fetched
         * @description `data.error` says why: its `code` stays the same for ever.
         */
        post: operations["onVideoFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.playable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The beginning can be watched
         * @description The rest is still encoded: players follow by themselves.
         */
        post: operations["onVideoPlayable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Its owner has changed the video
         * @description Texts, tags, pairs, chapters, visibility, poster or captions; `data.revision` has risen.
         */
        post: operations["onVideoUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "video.uploaded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The whole source is stored
         * @description It waits to be encoded, or is encoded already while it came.
         */
        post: operations["onVideoUploaded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody has asked for it, to try the endpoint
         * @description It is sent whatever events the webhook has.
         */
        post: operations["onWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        AccountLink: {
            email: string;
            /** Format: date-time */
            expiresAt: string;
            /** @enum {string} */
            kind: "invitation" | "reset";
            name: string | null;
        };
        /** @description Bytes of the last day, minutes of all days together, and each day */
        AccountUsage: {
            account: {
                email: string;
                id: string;
            };
            days: components["schemas"]["UsageDay"][];
            /** @description Minutes of video whose encoding was completed on the day */
            encodedMinutes: number;
            /** @description Bytes of all that was made of them: renditions, MP4, posters, storyboards, captions */
            renditionBytes: number;
            /** @description Bytes of originals that are stored when the day ends */
            sourceBytes: number;
            /** @description Minutes that StorageX's own players reported as played on the day */
            watchedMinutes: number;
        };
        AccountUsagePage: {
            items: components["schemas"]["AccountUsage"][];
            nextCursor: string | null;
        };
        AddedCaptions: components["schemas"]["CaptionTrack"] & {
            mended: components["schemas"]["CaptionsMend"][];
        };
        AdminUser: components["schemas"]["User"] & {
            /** Format: date-time */
            createdAt: string;
            disabled: boolean;
            invited: boolean;
            quotaBytes: number | null;
            quotaMinutes: number | null;
            storage: {
                reserved: number;
                used: number;
            };
            videos: number;
        };
        AdminUserPage: {
            items: components["schemas"]["AdminUser"][];
            nextCursor: string | null;
        };
        AdminVideo: components["schemas"]["Video"] & {
            owner: {
                email: string;
                id: string;
            };
        };
        AdminVideoPage: {
            items: components["schemas"]["AdminVideo"][];
            nextCursor: string | null;
        };
        AdminWorker: {
            encoder: string | null;
            ffmpeg: string | null;
            name: string;
            running: {
                index: number;
                /** @enum {string} */
                kind: "plan" | "encode" | "audio" | "finish" | "poster";
                progress: number;
                /** Format: date-time */
                since: string;
                speed: number | null;
                title: string;
                videoId: string;
            }[];
            /** Format: date-time */
            seenAt: string;
            slots: number;
            /** @enum {string} */
            state: "live" | "draining" | "gone";
            tasksDone: number;
            tasksFailed: number;
            version: string | null;
        };
        AdminWorkers: {
            items: components["schemas"]["AdminWorker"][];
        };
        ApiKey: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * @description The end of the secret, to tell keys apart
             * @example …x7Qa
             */
            hint: string;
            id: string;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastUsedAt: string | null;
            name: string;
            scopes: components["schemas"]["Scope"][];
        };
        ApiKeyList: {
            items: components["schemas"]["ApiKey"][];
        };
        ApiKeyRequest: {
            /**
             * @description Seconds; left out, the key has no end
             * @example 7776000
             */
            expiresIn?: number;
            /** @example Nightly import */
            name: string;
            /**
             * @example [
             *       "videos:read",
             *       "videos:write"
             *     ]
             */
            scopes: components["schemas"]["Scope"][];
        };
        Audience: {
            /** @description Per view */
            averageWatchSeconds: number;
            /** @description Share of the views that reached the end */
            completion: number;
            days: components["schemas"]["AudienceDay"][];
            devices: {
                /** @enum {string} */
                kind: "desktop" | "phone" | "tablet" | "tv" | "other";
                views: number;
            }[];
            /** @description Sites that framed the player or led to it; the one with the most views first */
            places: {
                origin: string;
                views: number;
            }[];
            /** @description For each hundredth of the video, the share of the views that played it */
            retention: number[];
            /** @description Share of the time that was spent waiting for more */
            stallRatio: number;
            /** @description Milliseconds from pressing play to the first frame; null while unknown */
            startupMs: {
                p50: number | null;
                p95: number | null;
            };
            /** @description Different viewers of each day, added up: those of two days cannot be told apart */
            viewers: number;
            /** @description Visits that played for at least 3 seconds */
            views: number;
            /** @description Seconds of the video that were played, also by browsers that ask not to be followed */
            watchSeconds: number;
        };
        AudienceDay: {
            /** Format: date */
            day: string;
            /** @description Different viewers of each day, added up: those of two days cannot be told apart */
            viewers: number;
            /** @description Visits that played for at least 3 seconds */
            views: number;
            /** @description Seconds of the video that were played, also by browsers that ask not to be followed */
            watchSeconds: number;
        };
        AuditEntry: {
            /** @enum {string} */
            action: "admin.created" | "account.registered" | "account.deleted" | "account.invited" | "account.reset_linked" | "account.joined" | "account.promoted" | "account.demoted" | "account.disabled" | "account.enabled" | "account.quota_changed" | "password.changed" | "password.reset" | "session.started" | "session.ended" | "session.reused" | "upload.completed" | "upload.aborted" | "video.updated" | "video.retried" | "video.deleted" | "video.restored" | "worker.drained" | "worker.resumed" | "poster.requested" | "captions.added" | "captions.deleted" | "share.created" | "share.updated" | "share.deleted" | "playback_key.created" | "playback_key.deleted" | "api_key.created" | "api_key.deleted" | "webhook.created" | "webhook.updated" | "webhook.rotated" | "webhook.deleted" | "upload_link.created" | "upload_link.deleted";
            actor: {
                /** @description Of a `user` */
                account: {
                    /** @description Null once the account is deleted */
                    email: string | null;
                    id: string;
                } | null;
                /** @description The API key by which the account acted */
                keyId: string | null;
                /**
                 * @description `operator`: a command on the server; `system`: nobody asked for it
                 * @enum {string}
                 */
                kind: "user" | "operator" | "system";
            };
            /** @description Of the client, where a trusted header names it */
            address: string | null;
            /** Format: date-time */
            at: string;
            /**
             * @description What the user agent says of browser and system, or a program's name
             * @example Firefox on Linux
             */
            client: string | null;
            id: string;
            target: {
                id: string;
                /** @enum {string} */
                kind: "account" | "session" | "video" | "worker" | "playback_key" | "api_key" | "webhook" | "upload_link";
                /** @description A video's title or a key's name as it is now; null once it is gone */
                name: string | null;
                /** @description The account that it is, or that it belongs to */
                owner: {
                    /** @description Null once the account is deleted */
                    email: string | null;
                    id: string;
                } | null;
            };
            userAgent: string | null;
        };
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            nextCursor: string | null;
        };
        BulkAnswer: {
            results: {
                /**
                 * @description Why not
                 * @example video.not_found
                 */
                code?: string;
                id: string;
                ok: boolean;
            }[];
        };
        /**
         * @example {
         *       "ids": [
         *         "V1StGXR8Z5jdHi6B"
         *       ],
         *       "action": "tag",
         *       "tags": [
         *         "holiday"
         *       ]
         *     }
         */
        BulkRequest: {
            /** @enum {string} */
            action: "delete";
            ids: string[];
            undo?: number;
        } | {
            /** @enum {string} */
            action: "retry";
            ids: string[];
        } | {
            /** @enum {string} */
            action: "tag";
            ids: string[];
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
        } | {
            /** @enum {string} */
            action: "untag";
            ids: string[];
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
        } | {
            /** @enum {string} */
            action: "visibility";
            ids: string[];
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility: "private" | "public";
        };
        CaptionsMend: {
            /**
             * @example order
             * @enum {string}
             */
            code: "time_form" | "negative_time" | "no_duration" | "order" | "blank_line" | "missing_blank_line" | "left_out" | "no_cue" | "markup" | "drawing" | "control_characters" | "undecoded";
            count: number;
            line: number;
            message: string;
        };
        CaptionsRequest: {
            content: string;
            /** @example Português */
            label: string;
            /** @example pt-BR */
            language: string;
        };
        CaptionTrack: {
            id: string;
            label: string;
            language: string | null;
        };
        ChangePasswordRequest: {
            currentPassword: string;
            /** @example correct horse battery */
            newPassword: string;
        };
        ChangeUserRequest: {
            disabled?: boolean;
            quotaBytes?: number | null;
            quotaMinutes?: number | null;
            /** @enum {string} */
            role?: "user" | "admin";
        };
        Chapter: {
            /**
             * @description Seconds
             * @example 0
             */
            start: number;
            /** @example Arrival */
            title: string;
        };
        CompleteRequest: Record<string, never>;
        DeleteAccountRequest: {
            password: string;
        };
        Failure: {
            attempts: number;
            code: string;
            /** Format: date-time */
            failedAt: string;
            index: number | null;
            /** @enum {string|null} */
            kind: "plan" | "encode" | "audio" | "finish" | "poster" | null;
            owner: {
                email: string;
                id: string;
            };
            reason: string;
            title: string;
            videoId: string;
            worker: string | null;
        };
        FailurePage: {
            codes: {
                code: string;
                videos: number;
            }[];
            items: components["schemas"]["Failure"][];
            nextCursor: string | null;
        };
        FoundParts: {
            /** @description Found now, and not before. */
            parts: {
                etag: string;
                partNumber: number;
                size: number;
            }[];
            /** @description Parts to send next, in this order. */
            wanted: number[];
        };
        ImportRequest: {
            /**
             * @example [
             *       {
             *         "start": 0,
             *         "title": "Arrival"
             *       },
             *       {
             *         "start": 62.5,
             *         "title": "The lake"
             *       }
             *     ]
             */
            chapters?: {
                /**
                 * @description Seconds
                 * @example 0
                 */
                start: number;
                /** @example Arrival */
                title: string;
            }[];
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description?: string;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId?: string;
            /** @description Left out: taken from the URL */
            filename?: string;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            profile?: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags?: string[];
            title?: string;
            /**
             * Format: uri
             * @description An http or https URL. Its query and its user part may hold secrets: they are kept encrypted and never shown
             * @example https://media.example.org/films/lake.mp4?token=s3cr3t
             */
            url: string;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility?: "private" | "public";
        };
        InviteRequest: {
            /**
             * Format: email
             * @example ann@example.test
             */
            email: string;
            name?: string;
            /**
             * @default user
             * @enum {string}
             */
            role?: "user" | "admin";
        };
        JoinRequest: {
            name?: string;
            /** @example correct horse battery */
            password: string;
            token: string;
        };
        LinkedTicket: {
            /**
             * @description The bearer for the rest of this upload, and for watching its video
             * @example sxv_…
             */
            token: string;
            upload: {
                /** Format: date-time */
                expiresAt: string;
                partCount: number;
                parts: {
                    /** Format: date-time */
                    expiresAt: string;
                    partNumber: number;
                    /** Format: uri */
                    url: string;
                }[];
                partSize: number;
            };
            video: components["schemas"]["LinkedVideo"];
        };
        LinkedVideo: {
            captions: components["schemas"]["CaptionTrack"][];
            /** @description Those of the source until somebody sets others */
            chapters: components["schemas"]["Chapter"][];
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description: string;
            duration: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            filename: string;
            /** @description Of all renditions, in frames a second; null until it is planned */
            frameRate: number | null;
            height: number | null;
            id: string;
            /** @description Of a video with `origin` `import` */
            import: {
                received: number;
                /** @description null until the address has said it */
                size: number | null;
            } | null;
            /** @description What was done with the source otherwise than its owner may expect, such as an audio track left out. More may come until `completed`; a retry begins anew */
            notes: {
                code: string;
                message: string;
                values: {
                    [key: string]: string;
                };
            }[];
            /** @enum {string} */
            origin: "upload" | "import" | "link";
            playable: boolean;
            poster: string | null;
            posterChange: components["schemas"]["PosterChange"];
            posterIndex: number;
            posters: {
                index: number;
                url: string;
            }[];
            processing: {
                chunks: {
                    from: number;
                    index: number;
                    progress: number;
                    /** @enum {string} */
                    state: "waiting" | "running" | "done";
                    to: number;
                    /** @description Whether the bytes that it is made of have arrived */
                    uploaded: boolean;
                    worker: string | null;
                }[];
                playableTo: number;
                /** @description Failures so far of the work that is not done yet: above 0 it is being tried again */
                retries: number;
                secondsLeft: number | null;
                speed: number | null;
            } | null;
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            progress: number;
            /** @description Whether visitors of a public video may download its MP4 */
            publicDownload: boolean;
            quality: {
                cpuSeconds: number;
                renditions: {
                    name: string;
                    ssim: number | null;
                }[];
                /** @description Added up over the tasks, which run side by side: not how long the video took */
                wallSeconds: number;
            } | null;
            queuePosition: number | null;
            renditions: {
                bitrate: number | null;
                codec: string;
                /** @description Holds the source's own frames, without a second encode. */
                copied: boolean;
                height: number;
                name: string;
                size: number | null;
                width: number;
            }[];
            /** @description Counts edits (texts, tags, chapters, visibility, poster, captions), never progress: what `If-Match` names. */
            revision: number;
            /** @description Rises with every change: of two answers the larger is the newer. */
            seq: number;
            size: number;
            source: {
                audio: string[];
                /** @description The tracks that can be played, in the order of the HLS list */
                audioTracks: {
                    /** @description Of the source; what is played is stereo */
                    channels: number;
                    /** @description Of the source */
                    codec: string;
                    /** @description Plays unless another is chosen, and is the MP4's */
                    default: boolean;
                    /**
                     * @description BCP 47
                     * @example ja
                     */
                    language: string | null;
                    /**
                     * @description Integrated loudness as it is played (EBU R128), LUFS; null for silence, or before it was measured
                     * @example -23.1
                     */
                    loudness: number | null;
                    /**
                     * @description As in the HLS list
                     * @example Japanese
                     */
                    name: string;
                }[];
                bitDepth: number;
                codec: string;
                /** @description Of the file itself, in frames a second. */
                frameRate: number;
            } | null;
            /** @enum {string} */
            status: "pending_upload" | "queued" | "processing" | "completed" | "failed";
            title: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Share of the source that is stored, as far as it was looked for: below 1 until it is complete, 0 of a file that was refused before. A video may be processed and played meanwhile */
            uploaded: number;
            /** @description Visits that played for at least 3 seconds */
            views: number;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility: "private" | "public";
            width: number | null;
        };
        ListedShare: {
            allowDownload: boolean;
            /** Format: date-time */
            createdAt: string;
            embedOrigins: string[];
            /** @description Null where the server can no longer show it, because the signing key that encrypted it was removed; the link itself goes on to work */
            embedUrl: string | null;
            /** Format: date-time */
            expiresAt: string | null;
            hasPassword: boolean;
            id: string;
            label: string | null;
            /** @description Null where the server can no longer show it, because the signing key that encrypted it was removed; the link itself goes on to work */
            url: string | null;
            /** @description Visits that played for at least 3 seconds */
            views: number;
        };
        ListedUploadLink: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId: string | null;
            id: string;
            maxBytes: number | null;
            maxUploads: number;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            } | null;
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
            title: string | null;
            /** @description Null where the server can no longer show it, because the signing key that encrypted it was removed; the link itself goes on to work */
            token: string | null;
            /** @description Null where the server can no longer show it, because the signing key that encrypted it was removed; the link itself goes on to work */
            url: string | null;
            /** @description Uploads that were neither aborted nor expired */
            used: number;
        };
        LoginRequest: {
            /**
             * Format: email
             * @example ann@example.test
             */
            email: string;
            password: string;
        };
        MadePlaybackKey: components["schemas"]["PlaybackKey"] & {
            /** @description Only where no public key was sent; shown this once */
            privateJwk?: {
                [key: string]: unknown;
            };
        };
        Me: components["schemas"]["User"] & {
            /** @enum {string} */
            language: "system" | "en" | "de";
            maxUploadBytes: number;
            /** @description Minutes of video; null where they are not limited */
            minutes: {
                quota: number;
                stored: number;
            } | null;
            /** @description For new videos whose ticket names none; null: the first allowed */
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            } | null;
            profiles: ("fast" | "fine" | "av1")[];
            /** @description Null for no limit */
            quotaBytes: number | null;
            storage: {
                reserved: number;
                used: number;
            };
            /** @enum {string} */
            theme: "system" | "light" | "dark";
            /** @description How many the account has */
            videos: number;
        };
        Oembed: {
            height: number;
            html: string;
            provider_name: string;
            provider_url: string;
            thumbnail_height?: number;
            thumbnail_url?: string;
            thumbnail_width?: number;
            title: string;
            /** @enum {string} */
            type: "video";
            /** @enum {string} */
            version: "1.0";
            width: number;
        };
        PartUrls: {
            parts: {
                /** Format: date-time */
                expiresAt: string;
                partNumber: number;
                /** Format: uri */
                url: string;
            }[];
        };
        PartUrlsRequest: {
            partNumbers: number[];
        };
        Playback: {
            captions: {
                id: string;
                label: string;
                language: string | null;
                url: string;
            }[];
            download: string | null;
            /** Format: date-time */
            expiresAt: string;
            hls: string | null;
            mp4: string | null;
            poster: string | null;
            /** @enum {string} */
            state: "partial" | "complete";
            storyboard: string | null;
        };
        PlaybackKey: {
            /** Format: date-time */
            createdAt: string;
            id: string;
            name: string;
        };
        PlaybackKeyList: {
            items: components["schemas"]["PlaybackKey"][];
        };
        PlaybackKeyRequest: {
            name: string;
            publicJwk?: components["schemas"]["PublicJwk"];
        };
        /** @description The poster that was asked for and is not made yet, or could not be made */
        PosterChange: {
            error: {
                code: string;
                message: string;
            } | null;
            /** @enum {string} */
            state: "uploading" | "making" | "failed";
        } | null;
        PosterRequest: {
            /**
             * @description Seconds on the timeline
             * @example 12.5
             */
            at: number;
        } | {
            /** @enum {string} */
            contentType: "image/jpeg" | "image/png";
            /** @description Bytes of the image */
            size: number;
        };
        PosterUpload: {
            /** Format: date-time */
            expiresAt: string;
            /** @description PUT the image here: exactly as many bytes as declared. The poster is made as soon as it is stored */
            url: string;
        };
        Presence: {
            presented: boolean;
        };
        Problem: {
            /** @example video.not_found */
            code: string;
            detail: string;
            errors?: {
                message: string;
                path: string;
            }[];
            missing?: number[];
            /** @description The scope that the API key lacks */
            scope?: string;
            status: number;
            title: string;
            traceId?: string;
            /** @example /docs#problem-video.not_found */
            type: string;
        };
        PublicJwk: {
            crv: string;
            kty: string;
        } & {
            [key: string]: unknown;
        };
        Queue: {
            dead: number;
            drainSeconds: number | null;
            encodedSecondsPerSecond: number;
            oldestQueuedSeconds: number;
            storage: {
                reserved: number;
                used: number;
            };
            tasks: {
                /** @enum {string} */
                kind: "plan" | "encode" | "audio" | "finish" | "poster";
                queued: number;
                running: number;
                waiting: number;
            }[];
            videos: {
                processing: number;
                queued: number;
                uploading: number;
            };
        };
        QueuedDelivery: {
            deliveryId: string;
        };
        ReadLinkRequest: {
            token: string;
        };
        RegisterRequest: {
            /**
             * Format: email
             * @example ann@example.test
             */
            email: string;
            name?: string;
            /** @example correct horse battery */
            password: string;
        };
        RetriedFailures: {
            left: number;
            retried: number;
        };
        RetryFailures: {
            code?: string;
            ids?: string[];
        };
        RotatedWebhook: {
            /**
             * @description The key of the signatures, shown this once
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        /** @enum {string} */
        Scope: "videos:read" | "videos:write" | "playback:read" | "shares:write" | "webhooks:write" | "admin";
        Session: components["schemas"]["Token"] & {
            user: components["schemas"]["User"];
        };
        Sessions: {
            items: {
                /** @example Firefox on Linux */
                client: string | null;
                /** Format: date-time */
                createdAt: string;
                /** @description The session of this call */
                current: boolean;
                id: string;
                /** Format: date-time */
                lastUsedAt: string;
            }[];
        };
        SetupRequest: {
            /**
             * Format: email
             * @example ann@example.test
             */
            email: string;
            name?: string;
            /** @example correct horse battery */
            password: string;
            token: string;
        };
        Share: {
            allowDownload: boolean;
            /** Format: date-time */
            createdAt: string;
            embedOrigins: string[];
            /** @description The player alone, for a frame in another page */
            embedUrl: string;
            /** Format: date-time */
            expiresAt: string | null;
            hasPassword: boolean;
            id: string;
            label: string | null;
            /** @description The page to send to somebody */
            url: string;
            /** @description Visits that played for at least 3 seconds */
            views: number;
        };
        ShareList: {
            items: components["schemas"]["ListedShare"][];
        };
        ShareRequest: {
            allowDownload?: boolean;
            /** @description Sites that may embed the player; empty: any */
            embedOrigins?: string[];
            /**
             * @description Seconds from now; left out or null: it does not expire
             * @example 604800
             */
            expiresIn?: number | null;
            /** @description For its owner only */
            label?: string | null;
            password?: string;
        };
        ShareUnlock: {
            expiresIn: number;
            unlock: string;
        };
        ShareUpdate: {
            allowDownload?: boolean;
            /** @description Sites that may embed the player; empty: any */
            embedOrigins?: string[];
            /**
             * @description Seconds from now; left out or null: it does not expire
             * @example 604800
             */
            expiresIn?: number | null;
            /** @description For its owner only */
            label?: string | null;
            password?: string;
        };
        ShownUploadLink: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Of each upload */
            maxBytes: number;
            /** @enum {string} */
            state: "open" | "busy" | "used_up" | "expired" | "revoked";
            /** @description Of the videos, where the link says it */
            title: string | null;
            uploadsLeft: number;
        };
        ShownVideo: {
            /** @description Null until something can be played */
            playback: components["schemas"]["Playback"] | null;
            video: {
                chapters: components["schemas"]["Chapter"][];
                /** Format: date-time */
                createdAt: string;
                description: string;
                duration: number | null;
                height: number | null;
                id: string;
                poster: string | null;
                title: string;
                width: number | null;
            };
        };
        Source: {
            /** Format: date-time */
            expiresAt: string;
            /** @example holiday.mov */
            filename: string;
            size: number;
            url: string;
        };
        Statistics: {
            /** @description Seconds */
            duration: number;
            /** @description Seconds that each of `bitrates` stands for */
            interval: number;
            renditions: {
                /** @description Bits per second over the whole length */
                averageBitrate: number;
                /** @description One value per `interval`, from the start */
                bitrates: number[];
                codec: string;
                /** @description Holds the source's own frames, without a second encode */
                copied: boolean;
                height: number;
                name: string;
                /** @description Bits per second of the largest segment (about two seconds) */
                peakBitrate: number;
                /** @description Bytes of all objects */
                size: number;
                /** @description Likeness to the source (SSIM over all planes, at the rendition's size), the mean of up to three samples of a second; null where it could not be measured */
                ssim: number | null;
                width: number;
            }[];
            sound: {
                /** @description Bits per second over the whole length */
                averageBitrate: number;
                codec: string;
                language: string | null;
                /**
                 * @description Integrated loudness as it is played (EBU R128), LUFS; null for silence, or before it was measured
                 * @example -23.1
                 */
                loudness: number | null;
                name: string;
                /** @description Bits per second of the largest segment (about two seconds) */
                peakBitrate: number;
                /** @description Bytes of all objects */
                size: number;
            }[];
            /** @description The encode along the timeline: a span per chunk, or per some chunks where there are more than 300 */
            spans: {
                /** @description Processor time (user + system, all cores) of the attempts that succeeded, seconds */
                cpuSeconds: number | null;
                /** @description Seconds on the timeline */
                from: number;
                /** @description Seconds of video per second of working time: how fast one worker was */
                speed: number | null;
                to: number;
                /** @description Working time of the attempts that succeeded, added up over the tasks, seconds: two that ran side by side for a minute are two minutes */
                wallSeconds: number | null;
            }[];
            stages: {
                /** @description Processor time (user + system, all cores) of the attempts that succeeded, seconds */
                cpuSeconds: number | null;
                /** @description From the first claim to the last success, seconds */
                elapsedSeconds: number | null;
                /** @description Seconds of video per elapsed second, all workers together */
                speed: number | null;
                /** @enum {string} */
                stage: "plan" | "encode" | "audio" | "finish";
                /** @description Tasks of this kind; the encode has one per chunk */
                tasks: number;
                /** @description Working time of the attempts that succeeded, added up over the tasks, seconds: two that ran side by side for a minute are two minutes */
                wallSeconds: number | null;
            }[];
        };
        StoredParts: {
            partCount: number;
            parts: {
                etag: string;
                partNumber: number;
                size: number;
            }[];
            /** @description Of this ticket: all parts but the last are so long. */
            partSize: number;
        };
        StoredRequest: Record<string, never>;
        Tags: {
            items: {
                /** @example holiday */
                tag: string;
                videos: number;
            }[];
        };
        Ticket: {
            upload: {
                /** Format: date-time */
                expiresAt: string;
                partCount: number;
                parts: {
                    /** Format: date-time */
                    expiresAt: string;
                    partNumber: number;
                    /** Format: uri */
                    url: string;
                }[];
                partSize: number;
            };
            video: components["schemas"]["VideoDetail"];
        };
        TicketRequest: {
            /**
             * @example [
             *       {
             *         "start": 0,
             *         "title": "Arrival"
             *       },
             *       {
             *         "start": 62.5,
             *         "title": "The lake"
             *       }
             *     ]
             */
            chapters?: {
                /**
                 * @description Seconds
                 * @example 0
                 */
                start: number;
                /** @example Arrival */
                title: string;
            }[];
            /** @description A hint, e.g. `video/mp4`; parameters are fine. The bytes decide. */
            contentType?: string;
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description?: string;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId?: string;
            filename: string;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            profile?: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            size: number;
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags?: string[];
            title?: string;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility?: "private" | "public";
        };
        Token: {
            accessToken: string;
            expiresIn: number;
        };
        UnlockRequest: {
            password: string;
        };
        /**
         * @example {
         *       "theme": "dark"
         *     }
         */
        UpdateMeRequest: {
            /** @enum {string} */
            language?: "system" | "en" | "de";
            name?: string;
            profile?: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            /** @enum {string} */
            theme?: "system" | "light" | "dark";
        };
        UpdateRequest: {
            /**
             * @example [
             *       {
             *         "start": 0,
             *         "title": "Arrival"
             *       },
             *       {
             *         "start": 62.5,
             *         "title": "The lake"
             *       }
             *     ]
             */
            chapters?: {
                /**
                 * @description Seconds
                 * @example 0
                 */
                start: number;
                /** @example Arrival */
                title: string;
            }[];
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description?: string;
            /**
             * @description null removes it
             * @example order-1207
             */
            externalId?: string | null;
            /**
             * @description Merged into the pairs there are; null removes one
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata?: {
                [key: string]: string | null;
            };
            posterIndex?: number;
            publicDownload?: boolean;
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags?: string[];
            title?: string;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility?: "private" | "public";
        };
        UploadLink: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId: string | null;
            id: string;
            maxBytes: number | null;
            maxUploads: number;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            } | null;
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
            title: string | null;
            /**
             * @description The bearer by which a program uploads
             * @example sxu_…
             */
            token: string;
            /** @description The page to send to somebody */
            url: string;
            /** @description Uploads that were neither aborted nor expired */
            used: number;
        };
        UploadLinkPage: {
            items: components["schemas"]["ListedUploadLink"][];
            nextCursor: string | null;
        };
        UploadLinkRequest: {
            /**
             * @description Seconds from now
             * @default 86400
             * @example 86400
             */
            expiresIn?: number;
            /**
             * @description Only with `maxUploads` 1
             * @example order-1207
             */
            externalId?: string;
            /**
             * @description Of each upload; left out: what the account may upload
             * @example 2000000000
             */
            maxBytes?: number;
            /** @default 1 */
            maxUploads?: number;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            profile?: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags?: string[];
            /** @description Of the videos; left out: what the uploader says */
            title?: string;
        };
        Usage: {
            days: components["schemas"]["UsageDay"][];
        };
        UsageDay: {
            /** Format: date */
            day: string;
            /** @description Minutes of video whose encoding was completed on the day */
            encodedMinutes: number;
            /** @description Bytes of all that was made of them: renditions, MP4, posters, storyboards, captions */
            renditionBytes: number;
            /** @description Bytes of originals that are stored when the day ends */
            sourceBytes: number;
            /** @description Minutes that StorageX's own players reported as played on the day */
            watchedMinutes: number;
        };
        User: {
            email: string;
            id: string;
            name: string | null;
            /** @enum {string} */
            role: "user" | "admin";
        };
        Video: {
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            duration: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId: string | null;
            filename: string;
            height: number | null;
            id: string;
            /** @description Of a video with `origin` `import` */
            import: {
                received: number;
                /** @description null until the address has said it */
                size: number | null;
            } | null;
            /** @enum {string} */
            origin: "upload" | "import" | "link";
            ownerId: string;
            playable: boolean;
            poster: string | null;
            progress: number;
            /** @description Whether visitors of a public video may download its MP4 */
            publicDownload: boolean;
            queuePosition: number | null;
            renditions: {
                bitrate: number | null;
                codec: string;
                /** @description Holds the source's own frames, without a second encode. */
                copied: boolean;
                height: number;
                name: string;
                size: number | null;
                width: number;
            }[];
            /** @description Counts edits (texts, tags, chapters, visibility, poster, captions), never progress: what `If-Match` names. */
            revision: number;
            /** @description Rises with every change: of two answers the larger is the newer. */
            seq: number;
            size: number;
            /** @enum {string} */
            status: "pending_upload" | "queued" | "processing" | "completed" | "failed";
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
            title: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Share of the source that is stored, as far as it was looked for: below 1 until it is complete, 0 of a file that was refused before. A video may be processed and played meanwhile */
            uploaded: number;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility: "private" | "public";
            width: number | null;
        };
        VideoDetail: components["schemas"]["Video"] & {
            captions: components["schemas"]["CaptionTrack"][];
            /** @description Those of the source until somebody sets others */
            chapters: components["schemas"]["Chapter"][];
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description: string;
            /** @description Of all renditions, in frames a second; null until it is planned */
            frameRate: number | null;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description What was done with the source otherwise than its owner may expect, such as an audio track left out. More may come until `completed`; a retry begins anew */
            notes: {
                code: string;
                message: string;
                values: {
                    [key: string]: string;
                };
            }[];
            posterChange: components["schemas"]["PosterChange"];
            posterIndex: number;
            posters: {
                index: number;
                url: string;
            }[];
            processing: {
                chunks: {
                    from: number;
                    index: number;
                    progress: number;
                    /** @enum {string} */
                    state: "waiting" | "running" | "done";
                    to: number;
                    /** @description Whether the bytes that it is made of have arrived */
                    uploaded: boolean;
                    worker: string | null;
                }[];
                playableTo: number;
                /** @description Failures so far of the work that is not done yet: above 0 it is being tried again */
                retries: number;
                secondsLeft: number | null;
                speed: number | null;
            } | null;
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            quality: {
                cpuSeconds: number;
                renditions: {
                    name: string;
                    ssim: number | null;
                }[];
                /** @description Added up over the tasks, which run side by side: not how long the video took */
                wallSeconds: number;
            } | null;
            source: {
                audio: string[];
                /** @description The tracks that can be played, in the order of the HLS list */
                audioTracks: {
                    /** @description Of the source; what is played is stereo */
                    channels: number;
                    /** @description Of the source */
                    codec: string;
                    /** @description Plays unless another is chosen, and is the MP4's */
                    default: boolean;
                    /**
                     * @description BCP 47
                     * @example ja
                     */
                    language: string | null;
                    /**
                     * @description Integrated loudness as it is played (EBU R128), LUFS; null for silence, or before it was measured
                     * @example -23.1
                     */
                    loudness: number | null;
                    /**
                     * @description As in the HLS list
                     * @example Japanese
                     */
                    name: string;
                }[];
                bitDepth: number;
                codec: string;
                /** @description Of the file itself, in frames a second. */
                frameRate: number;
            } | null;
            /** @description Visits that played for at least 3 seconds */
            views: number;
        };
        VideoPage: {
            items: components["schemas"]["Video"][];
            nextCursor: string | null;
        };
        Webhook: {
            /** Format: date-time */
            createdAt: string;
            description: string;
            /**
             * @description `gone`: it answered 410; `failing`: nothing but failures for five days
             * @enum {string|null}
             */
            disabledReason: "gone" | "failing" | null;
            enabled: boolean;
            events: components["schemas"]["WebhookEvent"][];
            id: string;
            url: string;
        };
        WebhookDeleted: {
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId: string | null;
            id: string;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
        };
        WebhookDelivery: {
            /** @description The last 20, oldest first */
            attempts: {
                /** Format: date-time */
                at: string;
                /** @description Why there was no answer */
                error: string | null;
                milliseconds: number;
                /** @description The first 1,024 bytes of the answer */
                response: string | null;
                /** @description Of the answer; null where there was none */
                status: number | null;
            }[];
            /** Format: date-time */
            createdAt: string;
            /** @description `webhook-id`, the same on every try */
            eventId: string;
            id: string;
            /** Format: date-time */
            nextAttemptAt: string | null;
            /** @enum {string} */
            status: "waiting" | "delivered" | "failed";
            type: components["schemas"]["WebhookEvent"];
        };
        WebhookDeliveryPage: {
            items: components["schemas"]["WebhookDelivery"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        WebhookEvent: "video.created" | "video.uploaded" | "video.playable" | "video.completed" | "video.failed" | "video.updated" | "video.deleted" | "upload.expired" | "webhook.test";
        WebhookList: {
            items: components["schemas"]["Webhook"][];
        };
        WebhookRequest: {
            /** @example Our catalogue */
            description?: string;
            /**
             * @description Left out: all, also those to come
             * @example [
             *       "video.playable",
             *       "video.completed",
             *       "video.failed"
             *     ]
             */
            events?: components["schemas"]["WebhookEvent"][];
            /**
             * Format: uri
             * @example https://example.org/hooks/storagex
             */
            url: string;
        };
        WebhookUpdate: {
            /** @example Our catalogue */
            description?: string;
            enabled?: boolean;
            /**
             * @description null: all
             * @example [
             *       "video.playable",
             *       "video.completed",
             *       "video.failed"
             *     ]
             */
            events?: components["schemas"]["WebhookEvent"][] | null;
            /**
             * Format: uri
             * @example https://example.org/hooks/storagex
             */
            url?: string;
        };
        WebhookVideo: {
            captions: components["schemas"]["CaptionTrack"][];
            /** @description Those of the source until somebody sets others */
            chapters: components["schemas"]["Chapter"][];
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description Plain text of several lines
             * @example Filmed at the lake.
             *     0:00 Arrival
             */
            description: string;
            duration: number | null;
            error: {
                code: string;
                message: string;
            } | null;
            /**
             * @description The integrator's own id, unique within the account
             * @example order-1207
             */
            externalId: string | null;
            filename: string;
            /** @description Of all renditions, in frames a second; null until it is planned */
            frameRate: number | null;
            height: number | null;
            id: string;
            /** @description Of a video with `origin` `import` */
            import: {
                received: number;
                /** @description null until the address has said it */
                size: number | null;
            } | null;
            /**
             * @description Pairs of strings
             * @example {
             *       "customer": "1207",
             *       "room": "B"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /** @description What was done with the source otherwise than its owner may expect, such as an audio track left out. More may come until `completed`; a retry begins anew */
            notes: {
                code: string;
                message: string;
                values: {
                    [key: string]: string;
                };
            }[];
            /** @enum {string} */
            origin: "upload" | "import" | "link";
            ownerId: string;
            playable: boolean;
            posterChange: components["schemas"]["PosterChange"];
            posterIndex: number;
            processing: {
                chunks: {
                    from: number;
                    index: number;
                    progress: number;
                    /** @enum {string} */
                    state: "waiting" | "running" | "done";
                    to: number;
                    /** @description Whether the bytes that it is made of have arrived */
                    uploaded: boolean;
                    worker: string | null;
                }[];
                playableTo: number;
                /** @description Failures so far of the work that is not done yet: above 0 it is being tried again */
                retries: number;
                secondsLeft: number | null;
                speed: number | null;
            } | null;
            profile: {
                /** @default false */
                av1?: boolean;
                /** @enum {string} */
                quality: "fast" | "fine";
            };
            progress: number;
            /** @description Whether visitors of a public video may download its MP4 */
            publicDownload: boolean;
            quality: {
                cpuSeconds: number;
                renditions: {
                    name: string;
                    ssim: number | null;
                }[];
                /** @description Added up over the tasks, which run side by side: not how long the video took */
                wallSeconds: number;
            } | null;
            queuePosition: number | null;
            renditions: {
                bitrate: number | null;
                codec: string;
                /** @description Holds the source's own frames, without a second encode. */
                copied: boolean;
                height: number;
                name: string;
                size: number | null;
                width: number;
            }[];
            /** @description Counts edits (texts, tags, chapters, visibility, poster, captions), never progress: what `If-Match` names. */
            revision: number;
            /** @description Rises with every change: of two answers the larger is the newer. */
            seq: number;
            size: number;
            source: {
                audio: string[];
                /** @description The tracks that can be played, in the order of the HLS list */
                audioTracks: {
                    /** @description Of the source; what is played is stereo */
                    channels: number;
                    /** @description Of the source */
                    codec: string;
                    /** @description Plays unless another is chosen, and is the MP4's */
                    default: boolean;
                    /**
                     * @description BCP 47
                     * @example ja
                     */
                    language: string | null;
                    /**
                     * @description Integrated loudness as it is played (EBU R128), LUFS; null for silence, or before it was measured
                     * @example -23.1
                     */
                    loudness: number | null;
                    /**
                     * @description As in the HLS list
                     * @example Japanese
                     */
                    name: string;
                }[];
                bitDepth: number;
                codec: string;
                /** @description Of the file itself, in frames a second. */
                frameRate: number;
            } | null;
            /** @enum {string} */
            status: "pending_upload" | "queued" | "processing" | "completed" | "failed";
            /**
             * @description In the given order; one given twice counts once
             * @example [
             *       "holiday",
             *       "2026"
             *     ]
             */
            tags: string[];
            title: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Share of the source that is stored, as far as it was looked for: below 1 until it is complete, 0 of a file that was refused before. A video may be processed and played meanwhile */
            uploaded: number;
            /** @description Visits that played for at least 3 seconds */
            views: number;
            /**
             * @description `public`: anybody may watch it by its address
             * @example private
             * @enum {string}
             */
            visibility: "private" | "public";
            width: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    oembed: {
        parameters: {
            query: {
                format?: "json" | "xml";
                maxheight?: number;
                maxwidth?: number;
                url: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How to embed it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "1.0",
                     *       "type": "video",
                     *       "provider_name": "StorageX",
                     *       "provider_url": "https://videos.example.org",
                     *       "title": "The lake",
                     *       "html": "<iframe src=\"https://videos.example.org/embed/V1StGXR8_Z5jdHi6B-myT\" width=\"1280\" height=\"720\"></iframe>",
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "thumbnail_url": "https://videos.example.org/play/public/V1StGXR8_Z5jdHi6B-myT/poster.jpg",
                     *       "thumbnail_width": 1280,
                     *       "thumbnail_height": 720
                     *     }
                     */
                    "application/json": components["schemas"]["Oembed"];
                };
            };
            /** @description Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Format not offered (`oembed.format_unknown`) */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminAudit: {
        parameters: {
            query?: {
                /** @description An account's id or e-mail address: what it did, and what was done to it and what is its */
                account?: string;
                /** @description Repeatable: any of them */
                action?: ("admin.created" | "account.registered" | "account.deleted" | "account.invited" | "account.reset_linked" | "account.joined" | "account.promoted" | "account.demoted" | "account.disabled" | "account.enabled" | "account.quota_changed" | "password.changed" | "password.reset" | "session.started" | "session.ended" | "session.reused" | "upload.completed" | "upload.aborted" | "video.updated" | "video.retried" | "video.deleted" | "video.restored" | "worker.drained" | "worker.resumed" | "poster.requested" | "captions.added" | "captions.deleted" | "share.created" | "share.updated" | "share.deleted" | "playback_key.created" | "playback_key.deleted" | "api_key.created" | "api_key.deleted" | "webhook.created" | "webhook.updated" | "webhook.rotated" | "webhook.deleted" | "upload_link.created" | "upload_link.deleted") | ("admin.created" | "account.registered" | "account.deleted" | "account.invited" | "account.reset_linked" | "account.joined" | "account.promoted" | "account.demoted" | "account.disabled" | "account.enabled" | "account.quota_changed" | "password.changed" | "password.reset" | "session.started" | "session.ended" | "session.reused" | "upload.completed" | "upload.aborted" | "video.updated" | "video.retried" | "video.deleted" | "video.restored" | "worker.drained" | "worker.resumed" | "poster.requested" | "captions.added" | "captions.deleted" | "share.created" | "share.updated" | "share.deleted" | "playback_key.created" | "playback_key.deleted" | "api_key.created" | "api_key.deleted" | "webhook.created" | "webhook.updated" | "webhook.rotated" | "webhook.deleted" | "upload_link.created" | "upload_link.deleted")[];
                /** @description An account's id: what it did */
                actor?: string;
                cursor?: string;
                /** @description ISO 8601; inclusive */
                from?: string;
                limit?: number;
                /** @description The id of what was acted on */
                target?: string;
                /** @description ISO 8601; inclusive */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "aud_7Hm4Xk",
                     *           "at": "2026-01-31T10:00:00.000Z",
                     *           "action": "share.created",
                     *           "actor": {
                     *             "kind": "user",
                     *             "account": {
                     *               "id": "aud_7Hm4Xk",
                     *               "email": "ann@example.org"
                     *             },
                     *             "keyId": null
                     *           },
                     *           "target": {
                     *             "kind": "account",
                     *             "id": "aud_7Hm4Xk",
                     *             "name": "The lake",
                     *             "owner": {
                     *               "id": "aud_7Hm4Xk",
                     *               "email": "ann@example.org"
                     *             }
                     *           },
                     *           "address": "203.0.113.7",
                     *           "client": "Firefox on Linux",
                     *           "userAgent": "Mozilla/5.0"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminFailures: {
        parameters: {
            query?: {
                code?: string;
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "videoId": "V1StGXR8_Z5jdHi6B-myT",
                     *           "title": "The lake",
                     *           "owner": {
                     *             "id": "usr_5Tn8Wd",
                     *             "email": "ann@example.org"
                     *           },
                     *           "code": "media.unreadable",
                     *           "reason": "The file cannot be read.",
                     *           "failedAt": "2026-01-31T10:02:00.000Z",
                     *           "kind": "encode",
                     *           "index": 0,
                     *           "worker": "worker-1",
                     *           "attempts": 3
                     *         }
                     *       ],
                     *       "nextCursor": null,
                     *       "codes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "videos": 2
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FailurePage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryFailures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "media.unreadable",
                 *       "ids": [
                 *         "V1StGXR8_Z5jdHi6B-myT"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["RetryFailures"];
            };
        };
        responses: {
            /** @description How many were queued, and how many of them are left */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "retried": 2,
                     *       "left": 0
                     *     }
                     */
                    "application/json": components["schemas"]["RetriedFailures"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "videos": {
                     *         "uploading": 1,
                     *         "queued": 3,
                     *         "processing": 1
                     *       },
                     *       "tasks": [
                     *         {
                     *           "kind": "plan",
                     *           "waiting": 4,
                     *           "queued": 3,
                     *           "running": 2
                     *         }
                     *       ],
                     *       "oldestQueuedSeconds": 12,
                     *       "encodedSecondsPerSecond": 3.2,
                     *       "drainSeconds": 340,
                     *       "dead": 2,
                     *       "storage": {
                     *         "used": 41000000,
                     *         "reserved": 0
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminUsage: {
        parameters: {
            query?: {
                /** @description An account's id or e-mail address: only this one */
                account?: string;
                cursor?: string;
                /** @description The first day, or a time on it */
                from?: string;
                limit?: number;
                /** @description The last day, or a time on it; today if absent or later */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "account": {
                     *             "id": "usr_5Tn8Wd",
                     *             "email": "ann@example.org"
                     *           },
                     *           "sourceBytes": 34866615,
                     *           "renditionBytes": 61000000,
                     *           "encodedMinutes": 12.5,
                     *           "watchedMinutes": 86.5,
                     *           "days": [
                     *             {
                     *               "day": "2026-01-31",
                     *               "sourceBytes": 34866615,
                     *               "renditionBytes": 61000000,
                     *               "encodedMinutes": 12.5,
                     *               "watchedMinutes": 86.5
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AccountUsagePage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminUsers: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "usr_5Tn8Wd",
                     *           "email": "ann@example.org",
                     *           "name": "Ann",
                     *           "role": "user",
                     *           "storage": {
                     *             "used": 41000000,
                     *             "reserved": 0
                     *           },
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "videos": 12,
                     *           "disabled": false,
                     *           "invited": false,
                     *           "quotaBytes": null,
                     *           "quotaMinutes": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AdminUserPage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inviteUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.test",
                 *       "name": "Ann",
                 *       "role": "user"
                 *     }
                 */
                "application/json": components["schemas"]["InviteRequest"];
            };
        };
        responses: {
            /** @description The account, and the link for its owner: it is shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expiresAt": "2026-01-31T11:00:00.000Z",
                     *       "user": {
                     *         "id": "usr_5Tn8Wd",
                     *         "email": "ann@example.org",
                     *         "name": "Ann",
                     *         "role": "user",
                     *         "storage": {
                     *           "used": 41000000,
                     *           "reserved": 0
                     *         },
                     *         "createdAt": "2026-01-31T10:00:00.000Z",
                     *         "videos": 12,
                     *         "disabled": false,
                     *         "invited": false,
                     *         "quotaBytes": null,
                     *         "quotaMinutes": null
                     *       },
                     *       "url": "https://videos.example.org/join/sxi_9dK2mQ7rV4tX"
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        /** Format: uri */
                        url?: string;
                        user: components["schemas"]["AdminUser"];
                    };
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such account (`account.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); There is already an account with this e-mail (`account.email_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminDeleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone: every session has ended, the address is free again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such account (`account.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The last administrator (`account.last_admin`); Your own account (`account.own`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "user",
                 *       "disabled": false,
                 *       "quotaBytes": null,
                 *       "quotaMinutes": null
                 *     }
                 */
                "application/json": components["schemas"]["ChangeUserRequest"];
            };
        };
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_5Tn8Wd",
                     *       "email": "ann@example.org",
                     *       "name": "Ann",
                     *       "role": "user",
                     *       "storage": {
                     *         "used": 41000000,
                     *         "reserved": 0
                     *       },
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "videos": 12,
                     *       "disabled": false,
                     *       "invited": false,
                     *       "quotaBytes": null,
                     *       "quotaMinutes": null
                     *     }
                     */
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such account (`account.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The last administrator (`account.last_admin`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetUser: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link: it is shown this once; earlier links of the account no longer work */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "expiresAt": "2026-01-31T11:00:00.000Z",
                     *       "url": "https://videos.example.org/reset/sxr_9dK2mQ7rV4tX"
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        expiresAt: string;
                        /** Format: uri */
                        url?: string;
                    };
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such account (`account.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminVideos: {
        parameters: {
            query?: {
                /** @description ISO 8601; inclusive */
                createdAfter?: string;
                /** @description ISO 8601; inclusive */
                createdBefore?: string;
                cursor?: string;
                externalId?: string;
                limit?: number;
                /** @description An account's id: only its videos */
                owner?: string;
                /** @description In title, file name, description or tags, all terms; case and accents do not count. Terms of one or two letters are found where a word begins */
                q?: string;
                /** @description `title`: without case and accents, by code point; `longest`: those of unknown length last */
                sort?: "newest" | "oldest" | "title" | "longest" | "largest";
                /** @description Repeatable: any of them */
                status?: ("pending_upload" | "queued" | "processing" | "completed" | "failed") | ("pending_upload" | "queued" | "processing" | "completed" | "failed")[];
                /** @description Repeatable: all of them */
                tag?: string | string[];
                /** @description `public`: anybody may watch it by its address */
                visibility?: "private" | "public";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "V1StGXR8_Z5jdHi6B-myT",
                     *           "ownerId": "usr_5Tn8Wd",
                     *           "title": "The lake",
                     *           "filename": "lake.mp4",
                     *           "size": 34866615,
                     *           "tags": [
                     *             "holiday",
                     *             "2026"
                     *           ],
                     *           "externalId": "order-1207",
                     *           "visibility": "private",
                     *           "publicDownload": false,
                     *           "origin": "upload",
                     *           "import": null,
                     *           "status": "completed",
                     *           "progress": 1,
                     *           "uploaded": 1,
                     *           "queuePosition": null,
                     *           "playable": true,
                     *           "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *           "error": null,
                     *           "duration": 93.4,
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "renditions": [
                     *             {
                     *               "name": "1080p",
                     *               "width": 1920,
                     *               "height": 1080,
                     *               "codec": "h264",
                     *               "bitrate": 2800000,
                     *               "size": 34866615,
                     *               "copied": false
                     *             }
                     *           ],
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "updatedAt": "2026-01-31T10:05:00.000Z",
                     *           "completedAt": "2026-01-31T10:04:00.000Z",
                     *           "seq": 41,
                     *           "revision": 3,
                     *           "owner": {
                     *             "id": "usr_5Tn8Wd",
                     *             "email": "ann@example.org"
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AdminVideoPage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adminWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "worker-1",
                     *           "version": "0.1.0",
                     *           "ffmpeg": "7.1",
                     *           "encoder": "software",
                     *           "slots": 2,
                     *           "state": "live",
                     *           "seenAt": "2026-01-31T11:00:00.000Z",
                     *           "running": [],
                     *           "tasksDone": 1204,
                     *           "tasksFailed": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AdminWorkers"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drainWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Draining */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "worker-1",
                     *       "version": "0.1.0",
                     *       "ffmpeg": "7.1",
                     *       "encoder": "software",
                     *       "slots": 2,
                     *       "state": "live",
                     *       "seenAt": "2026-01-31T11:00:00.000Z",
                     *       "running": [],
                     *       "tasksDone": 1204,
                     *       "tasksFailed": 3
                     *     }
                     */
                    "application/json": components["schemas"]["AdminWorker"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such worker (`worker.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeWorker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Live */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "worker-1",
                     *       "version": "0.1.0",
                     *       "ffmpeg": "7.1",
                     *       "encoder": "software",
                     *       "slots": 2,
                     *       "state": "live",
                     *       "seenAt": "2026-01-31T11:00:00.000Z",
                     *       "running": [],
                     *       "tasksDone": 1204,
                     *       "tasksFailed": 3
                     *     }
                     */
                    "application/json": components["schemas"]["AdminWorker"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such worker (`worker.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "sxi_9dK2mQ7rV4tXb6Yw0sLz",
                 *       "password": "correct horse battery",
                 *       "name": "Ann"
                 *     }
                 */
                "application/json": components["schemas"]["JoinRequest"];
            };
        };
        responses: {
            /** @description Signed in; every other session has ended and the link no longer works */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300,
                     *       "user": {
                     *         "id": "usr_5Tn8Wd",
                     *         "email": "ann@example.org",
                     *         "name": "Ann",
                     *         "role": "user"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This link no longer works (`account.link_invalid`); Account disabled (`account.disabled`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "sxi_9dK2mQ7rV4tXb6Yw0sLz"
                 *     }
                 */
                "application/json": components["schemas"]["ReadLinkRequest"];
            };
        };
        responses: {
            /** @description The link can be used */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "invitation",
                     *       "email": "ann@example.org",
                     *       "name": "Ann",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AccountLink"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This link no longer works (`account.link_invalid`); Account disabled (`account.disabled`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.test",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Signed in; the refresh cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300,
                     *       "user": {
                     *         "id": "usr_5Tn8Wd",
                     *         "email": "ann@example.org",
                     *         "name": "Ann",
                     *         "role": "user"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Wrong e-mail or password (`auth.wrong_credentials`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Account disabled (`account.disabled`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Wrong origin (`auth.origin_refused`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new access token; the cookie is replaced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description Session ended (`auth.refresh_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Wrong origin (`auth.origin_refused`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ann@example.test",
                 *       "password": "correct horse battery",
                 *       "name": "Ann"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description Signed in; the refresh cookie is set */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300,
                     *       "user": {
                     *         "id": "usr_5Tn8Wd",
                     *         "email": "ann@example.org",
                     *         "name": "Ann",
                     *         "role": "user"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Registration is closed (`auth.registration_closed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is already an account with this e-mail (`account.email_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    presence: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An answer about the cookie alone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "presented": true
                     *     }
                     */
                    "application/json": components["schemas"]["Presence"];
                };
            };
            /** @description Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "sxi_9dK2mQ7rV4tXb6Yw0sLz",
                 *       "email": "ann@example.test",
                 *       "password": "correct horse battery",
                 *       "name": "Ann"
                 *     }
                 */
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            /** @description Signed in as administrator */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accessToken": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyXzEifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300,
                     *       "user": {
                     *         "id": "usr_5Tn8Wd",
                     *         "email": "ann@example.org",
                     *         "name": "Ann",
                     *         "role": "user"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Setup link not accepted (`setup.token_invalid`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is already an account with this e-mail (`account.email_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `video.updated` and `video.deleted`; ends after at most 5 minutes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "key_1Xf9Pb",
                     *           "name": "Nightly import",
                     *           "hint": "…x7Qa",
                     *           "scopes": [
                     *             "videos:read"
                     *           ],
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T10:30:00.000Z",
                     *           "expiresAt": "2026-01-31T11:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Nightly import",
                 *       "scopes": [
                 *         "videos:read",
                 *         "videos:write"
                 *       ],
                 *       "expiresIn": 7776000
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRequest"];
            };
        };
        responses: {
            /** @description The key and its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": {
                     *         "id": "key_1Xf9Pb",
                     *         "name": "Nightly import",
                     *         "hint": "…x7Qa",
                     *         "scopes": [
                     *           "videos:read"
                     *         ],
                     *         "createdAt": "2026-01-31T10:00:00.000Z",
                     *         "lastUsedAt": "2026-01-31T10:30:00.000Z",
                     *         "expiresAt": "2026-01-31T11:00:00.000Z"
                     *       },
                     *       "secret": "sxk_3vQ8mZ1rT6yN0cKf5wLx"
                     *     }
                     */
                    "application/json": {
                        key: components["schemas"]["ApiKey"];
                        /** @description Shown this once: only its hash is kept */
                        secret?: string;
                    };
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Not allowed (`auth.forbidden`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many keys (`api_key.too_many`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example V1StGXR8_Z5jdHi6B-myT */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such key (`api_key.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readUploadLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sxi_9dK2mQ7rV4tXb6Yw0sLz */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "open",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z",
                     *       "uploadsLeft": 1,
                     *       "maxBytes": 2000000000,
                     *       "title": "The lake"
                     *     }
                     */
                    "application/json": components["schemas"]["ShownUploadLink"];
                };
            };
            /** @description Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such upload link (`upload_link.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed-in account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_5Tn8Wd",
                     *       "email": "ann@example.org",
                     *       "name": "Ann",
                     *       "role": "user",
                     *       "storage": {
                     *         "used": 41000000,
                     *         "reserved": 0
                     *       },
                     *       "quotaBytes": null,
                     *       "minutes": {
                     *         "stored": 41.5,
                     *         "quota": 600
                     *       },
                     *       "videos": 12,
                     *       "theme": "system",
                     *       "language": "en",
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       },
                     *       "profiles": [
                     *         "fast",
                     *         "fine"
                     *       ],
                     *       "maxUploadBytes": 200000000000
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "theme": "dark"
                 *     }
                 */
                "application/json": components["schemas"]["UpdateMeRequest"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "usr_5Tn8Wd",
                     *       "email": "ann@example.org",
                     *       "name": "Ann",
                     *       "role": "user",
                     *       "storage": {
                     *         "used": 41000000,
                     *         "reserved": 0
                     *       },
                     *       "quotaBytes": null,
                     *       "minutes": {
                     *         "stored": 41.5,
                     *         "quota": 600
                     *       },
                     *       "videos": 12,
                     *       "theme": "system",
                     *       "language": "en",
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       },
                     *       "profiles": [
                     *         "fast",
                     *         "fine"
                     *       ],
                     *       "maxUploadBytes": 200000000000
                     *     }
                     */
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Profile not allowed (`upload.profile_not_allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["DeleteAccountRequest"];
            };
        };
        responses: {
            /** @description Gone: every session has ended, the address is free again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong password (`account.wrong_password`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The last administrator (`account.last_admin`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery",
                 *       "newPassword": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description Changed: every other session has ended, this one goes on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong password (`account.wrong_password`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 100 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "ses_0Ck3Rj",
                     *           "current": true,
                     *           "client": "Firefox on Linux",
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "lastUsedAt": "2026-01-31T10:30:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endOtherSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Only this session is left */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endOneSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such session (`session.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPlaybackKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "pbk_4Rv1",
                     *           "name": "Our site",
                     *           "createdAt": "2026-01-31T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PlaybackKeyList"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPlaybackKey: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Our site",
                 *       "publicJwk": {
                 *         "kty": "EC",
                 *         "crv": "P-256",
                 *         "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                 *         "y": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PlaybackKeyRequest"];
            };
        };
        responses: {
            /** @description The key; `privateJwk` is shown this once */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "pbk_4Rv1",
                     *       "name": "Our site",
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "privateJwk": {
                     *         "kty": "EC",
                     *         "crv": "P-256",
                     *         "kid": "pbk_4Rv1",
                     *         "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                     *         "y": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                     *         "d": "kept-by-you-alone"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MadePlaybackKey"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many playback keys (`playback_key.too_many`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePlaybackKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description For people only (`auth.session_only`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such playback key (`playback_key.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publicVideo: {
        parameters: {
            query?: {
                token?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video and what plays it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "video": {
                     *         "id": "V1StGXR8_Z5jdHi6B-myT",
                     *         "title": "The lake",
                     *         "description": "Filmed at the lake.",
                     *         "duration": 93.4,
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "createdAt": "2026-01-31T10:00:00.000Z",
                     *         "chapters": [
                     *           {
                     *             "start": 0,
                     *             "title": "Arrival"
                     *           }
                     *         ],
                     *         "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *       },
                     *       "playback": {
                     *         "state": "partial",
                     *         "hls": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/main.m3u8",
                     *         "mp4": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "download": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "storyboard": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/storyboard.vtt",
                     *         "captions": [
                     *           {
                     *             "id": "cap_6Hd2Vs",
                     *             "language": "en",
                     *             "label": "English",
                     *             "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *           }
                     *         ],
                     *         "expiresAt": "2026-01-31T11:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ShownVideo"];
                };
            };
            /** @description Playback link not accepted (`playback.token_invalid`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sharedVideo: {
        parameters: {
            query?: never;
            header?: {
                "x-share-unlock"?: string;
            };
            path: {
                /** @example sxi_9dK2mQ7rV4tXb6Yw0sLz */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video and what plays it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "video": {
                     *         "id": "V1StGXR8_Z5jdHi6B-myT",
                     *         "title": "The lake",
                     *         "description": "Filmed at the lake.",
                     *         "duration": 93.4,
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "createdAt": "2026-01-31T10:00:00.000Z",
                     *         "chapters": [
                     *           {
                     *             "start": 0,
                     *             "title": "Arrival"
                     *           }
                     *         ],
                     *         "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *       },
                     *       "playback": {
                     *         "state": "partial",
                     *         "hls": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/main.m3u8",
                     *         "mp4": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "download": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "storyboard": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/storyboard.vtt",
                     *         "captions": [
                     *           {
                     *             "id": "cap_6Hd2Vs",
                     *             "language": "en",
                     *             "label": "English",
                     *             "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *           }
                     *         ],
                     *         "expiresAt": "2026-01-31T11:00:00.000Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ShownVideo"];
                };
            };
            /** @description A password is needed (`share.locked`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such share (`share.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlockShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sxi_9dK2mQ7rV4tXb6Yw0sLz */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["UnlockRequest"];
            };
        };
        responses: {
            /** @description What to send along as `X-Share-Unlock` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "unlock": "eyJzIjoic3hzXzdmM0sifQ.c2lnbmF0dXJl",
                     *       "expiresIn": 300
                     *     }
                     */
                    "application/json": components["schemas"]["ShareUnlock"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Wrong password (`share.wrong_password`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such share (`share.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each tag with the number of its videos */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "tag": "holiday",
                     *           "videos": 12
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Tags"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUploadLinks: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "V1StGXR8_Z5jdHi6B-myT",
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *           "token": "sxi_9dK2mQ7rV4tXb6Yw0sLz",
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "expiresAt": "2026-01-31T11:00:00.000Z",
                     *           "maxUploads": 1,
                     *           "used": 41000000,
                     *           "maxBytes": 2000000000,
                     *           "title": "The lake",
                     *           "tags": [
                     *             "holiday",
                     *             "2026"
                     *           ],
                     *           "externalId": "order-1207",
                     *           "metadata": {
                     *             "customer": "1207",
                     *             "room": "B"
                     *           },
                     *           "profile": {
                     *             "quality": "fast",
                     *             "av1": false
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["UploadLinkPage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUploadLink: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expiresIn": 86400,
                 *       "maxUploads": 1,
                 *       "maxBytes": 2000000000,
                 *       "title": "The lake",
                 *       "tags": [
                 *         "holiday",
                 *         "2026"
                 *       ],
                 *       "externalId": "order-1207",
                 *       "metadata": {
                 *         "customer": "1207",
                 *         "room": "B"
                 *       },
                 *       "profile": {
                 *         "quality": "fast",
                 *         "av1": false
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["UploadLinkRequest"];
            };
        };
        responses: {
            /** @description The link, its page and its token */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "lnk_9Gs5Cv",
                     *       "url": "https://videos.example.org/u/sxl_8Qz4",
                     *       "token": "sxu_…",
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z",
                     *       "maxUploads": 1,
                     *       "used": 0,
                     *       "maxBytes": 2000000000,
                     *       "title": "The lake",
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["UploadLink"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such upload link (`upload_link.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many upload links (`upload_link.too_many`); External id taken (`video.external_id_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`); Profile not allowed (`upload.profile_not_allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUploadLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such upload link (`upload_link.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    usage: {
        parameters: {
            query?: {
                /** @description The first day, or a time on it */
                from?: string;
                /** @description The last day, or a time on it; today if absent or later */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every day, the first one first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "days": [
                     *         {
                     *           "day": "2026-01-31",
                     *           "sourceBytes": 34866615,
                     *           "renditionBytes": 61000000,
                     *           "encodedMinutes": 12.5,
                     *           "watchedMinutes": 86.5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVideos: {
        parameters: {
            query?: {
                /** @description ISO 8601; inclusive */
                createdAfter?: string;
                /** @description ISO 8601; inclusive */
                createdBefore?: string;
                cursor?: string;
                externalId?: string;
                limit?: number;
                /** @description In title, file name, description or tags, all terms; case and accents do not count. Terms of one or two letters are found where a word begins */
                q?: string;
                /** @description `title`: without case and accents, by code point; `longest`: those of unknown length last */
                sort?: "newest" | "oldest" | "title" | "longest" | "largest";
                /** @description Repeatable: any of them */
                status?: ("pending_upload" | "queued" | "processing" | "completed" | "failed") | ("pending_upload" | "queued" | "processing" | "completed" | "failed")[];
                /** @description Repeatable: all of them */
                tag?: string | string[];
                /** @description `public`: anybody may watch it by its address */
                visibility?: "private" | "public";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "V1StGXR8_Z5jdHi6B-myT",
                     *           "ownerId": "usr_5Tn8Wd",
                     *           "title": "The lake",
                     *           "filename": "lake.mp4",
                     *           "size": 34866615,
                     *           "tags": [
                     *             "holiday",
                     *             "2026"
                     *           ],
                     *           "externalId": "order-1207",
                     *           "visibility": "private",
                     *           "publicDownload": false,
                     *           "origin": "upload",
                     *           "import": null,
                     *           "status": "completed",
                     *           "progress": 1,
                     *           "uploaded": 1,
                     *           "queuePosition": null,
                     *           "playable": true,
                     *           "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *           "error": null,
                     *           "duration": 93.4,
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "renditions": [
                     *             {
                     *               "name": "1080p",
                     *               "width": 1920,
                     *               "height": 1080,
                     *               "codec": "h264",
                     *               "bitrate": 2800000,
                     *               "size": 34866615,
                     *               "copied": false
                     *             }
                     *           ],
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "updatedAt": "2026-01-31T10:05:00.000Z",
                     *           "completedAt": "2026-01-31T10:04:00.000Z",
                     *           "seq": 41,
                     *           "revision": 3
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["VideoPage"];
                };
            };
            /** @description Unchanged: `If-None-Match` names the `ETag` of what would be shown */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createVideo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "filename": "lake.mp4",
                 *       "size": 34866615,
                 *       "contentType": "video/mp4",
                 *       "title": "The lake",
                 *       "description": "Filmed at the lake.\n0:00 Arrival",
                 *       "tags": [
                 *         "holiday",
                 *         "2026"
                 *       ],
                 *       "visibility": "private",
                 *       "chapters": [
                 *         {
                 *           "start": 0,
                 *           "title": "Arrival"
                 *         },
                 *         {
                 *           "start": 62.5,
                 *           "title": "The lake"
                 *         }
                 *       ],
                 *       "externalId": "order-1207",
                 *       "metadata": {
                 *         "customer": "1207",
                 *         "room": "B"
                 *       },
                 *       "profile": {
                 *         "quality": "fast",
                 *         "av1": false
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TicketRequest"];
            };
        };
        responses: {
            /** @description PUT the parts to their URLs, then complete */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "video": {
                     *         "id": "V1StGXR8_Z5jdHi6B-myT",
                     *         "ownerId": "usr_5Tn8Wd",
                     *         "title": "The lake",
                     *         "filename": "lake.mp4",
                     *         "size": 34866615,
                     *         "tags": [
                     *           "holiday",
                     *           "2026"
                     *         ],
                     *         "externalId": "order-1207",
                     *         "visibility": "private",
                     *         "publicDownload": false,
                     *         "origin": "upload",
                     *         "import": null,
                     *         "status": "completed",
                     *         "progress": 1,
                     *         "uploaded": 1,
                     *         "queuePosition": null,
                     *         "playable": true,
                     *         "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *         "error": null,
                     *         "duration": 93.4,
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "width": 1920,
                     *             "height": 1080,
                     *             "codec": "h264",
                     *             "bitrate": 2800000,
                     *             "size": 34866615,
                     *             "copied": false
                     *           }
                     *         ],
                     *         "createdAt": "2026-01-31T10:00:00.000Z",
                     *         "updatedAt": "2026-01-31T10:05:00.000Z",
                     *         "completedAt": "2026-01-31T10:04:00.000Z",
                     *         "seq": 41,
                     *         "revision": 3,
                     *         "description": "Filmed at the lake.\n0:00 Arrival",
                     *         "metadata": {
                     *           "customer": "1207",
                     *           "room": "B"
                     *         },
                     *         "chapters": [
                     *           {
                     *             "start": 0,
                     *             "title": "Arrival"
                     *           }
                     *         ],
                     *         "source": {
                     *           "codec": "h264",
                     *           "frameRate": 25,
                     *           "bitDepth": 8,
                     *           "audio": [
                     *             "aac"
                     *           ],
                     *           "audioTracks": [
                     *             {
                     *               "name": "Japanese",
                     *               "codec": "h264",
                     *               "channels": 1,
                     *               "language": "ja",
                     *               "default": true,
                     *               "loudness": -23.1
                     *             }
                     *           ]
                     *         },
                     *         "frameRate": 25,
                     *         "processing": null,
                     *         "quality": {
                     *           "renditions": [
                     *             {
                     *               "name": "1080p",
                     *               "ssim": 0.982
                     *             }
                     *           ],
                     *           "cpuSeconds": 184.2,
                     *           "wallSeconds": 61.4
                     *         },
                     *         "posters": [
                     *           {
                     *             "index": 0,
                     *             "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *           }
                     *         ],
                     *         "posterIndex": 0,
                     *         "posterChange": null,
                     *         "captions": [
                     *           {
                     *             "id": "cap_6Hd2Vs",
                     *             "language": "en",
                     *             "label": "English"
                     *           }
                     *         ],
                     *         "views": 7,
                     *         "notes": [
                     *           {
                     *             "code": "media.unreadable",
                     *             "values": {},
                     *             "message": "The file cannot be read."
                     *           }
                     *         ],
                     *         "profile": {
                     *           "quality": "fast",
                     *           "av1": false
                     *         }
                     *       },
                     *       "upload": {
                     *         "partSize": 8388608,
                     *         "partCount": 5,
                     *         "expiresAt": "2026-01-31T11:00:00.000Z",
                     *         "parts": [
                     *           {
                     *             "partNumber": 1,
                     *             "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *             "expiresAt": "2026-01-31T11:00:00.000Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); The upload link is used up (`upload_link.used_up`); The upload link has expired (`upload_link.expired`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); External id taken (`video.external_id_taken`); Storage is full (`upload.quota_exceeded`); Too many open uploads (`upload.too_many_open`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`); Profile not allowed (`upload.profile_not_allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many uploads begun (`upload.too_often`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Unchanged: `If-None-Match` names the `ETag` of what would be shown */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteVideo: {
        parameters: {
            query?: {
                /** @description Seconds in which `restore` brings it back */
                undo?: number | null;
            };
            header?: {
                /** @description Only where the video's `revision` is still this one */
                "if-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed meanwhile (`request.changed_meanwhile`) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Only where the video's `revision` is still this one */
                "if-match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "The lake",
                 *       "description": "Filmed at the lake.\n0:00 Arrival",
                 *       "tags": [
                 *         "holiday",
                 *         "2026"
                 *       ],
                 *       "visibility": "private",
                 *       "chapters": [
                 *         {
                 *           "start": 0,
                 *           "title": "Arrival"
                 *         },
                 *         {
                 *           "start": 62.5,
                 *           "title": "The lake"
                 *         }
                 *       ],
                 *       "externalId": "order-1207",
                 *       "metadata": {
                 *         "customer": "1207",
                 *         "room": "B"
                 *       },
                 *       "publicDownload": false,
                 *       "posterIndex": 0
                 *     }
                 */
                "application/json": components["schemas"]["UpdateRequest"];
            };
        };
        responses: {
            /** @description The video */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description External id taken (`video.external_id_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Changed meanwhile (`request.changed_meanwhile`) */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audience: {
        parameters: {
            query?: {
                /** @description The first day, or a time on it */
                from?: string;
                /** @description A share's id: only what was watched by it */
                share?: string;
                /** @description The last day, or a time on it; today if absent or later */
                to?: string;
                /** @description A `viewer` of your own viewer tokens: only what this person watched */
                viewer?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All days together, and each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "views": 412,
                     *       "viewers": 301,
                     *       "watchSeconds": 25338,
                     *       "averageWatchSeconds": 61.5,
                     *       "completion": 0.42,
                     *       "startupMs": {
                     *         "p50": 240,
                     *         "p95": 980
                     *       },
                     *       "stallRatio": 0.004,
                     *       "days": [
                     *         {
                     *           "day": "2026-01-31",
                     *           "views": 7,
                     *           "viewers": 301,
                     *           "watchSeconds": 25338
                     *         }
                     *       ],
                     *       "retention": [
                     *         1,
                     *         0.995,
                     *         0.99,
                     *         0.985,
                     *         0.98,
                     *         0.975,
                     *         0.97,
                     *         0.965,
                     *         0.96,
                     *         0.955,
                     *         0.95,
                     *         0.945,
                     *         0.94,
                     *         0.935,
                     *         0.93,
                     *         0.925,
                     *         0.92,
                     *         0.915,
                     *         0.91,
                     *         0.905,
                     *         0.9,
                     *         0.895,
                     *         0.89,
                     *         0.885,
                     *         0.88,
                     *         0.875,
                     *         0.87,
                     *         0.865,
                     *         0.86,
                     *         0.855,
                     *         0.85,
                     *         0.845,
                     *         0.84,
                     *         0.835,
                     *         0.83,
                     *         0.825,
                     *         0.82,
                     *         0.815,
                     *         0.81,
                     *         0.805,
                     *         0.8,
                     *         0.795,
                     *         0.79,
                     *         0.785,
                     *         0.78,
                     *         0.775,
                     *         0.77,
                     *         0.765,
                     *         0.76,
                     *         0.755,
                     *         0.75,
                     *         0.745,
                     *         0.74,
                     *         0.735,
                     *         0.73,
                     *         0.725,
                     *         0.72,
                     *         0.715,
                     *         0.71,
                     *         0.705,
                     *         0.7,
                     *         0.695,
                     *         0.69,
                     *         0.685,
                     *         0.68,
                     *         0.675,
                     *         0.67,
                     *         0.665,
                     *         0.66,
                     *         0.655,
                     *         0.65,
                     *         0.645,
                     *         0.64,
                     *         0.635,
                     *         0.63,
                     *         0.625,
                     *         0.62,
                     *         0.615,
                     *         0.61,
                     *         0.605,
                     *         0.6,
                     *         0.595,
                     *         0.59,
                     *         0.585,
                     *         0.58,
                     *         0.575,
                     *         0.57,
                     *         0.565,
                     *         0.56,
                     *         0.555,
                     *         0.55,
                     *         0.545,
                     *         0.54,
                     *         0.535,
                     *         0.53,
                     *         0.525,
                     *         0.52,
                     *         0.515,
                     *         0.51,
                     *         0.505
                     *       ],
                     *       "places": [
                     *         {
                     *           "origin": "https://example.org",
                     *           "views": 412
                     *         }
                     *       ],
                     *       "devices": [
                     *         {
                     *           "kind": "desktop",
                     *           "views": 412
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Audience"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCaptions: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "language": "pt-BR",
                 *       "label": "Português",
                 *       "content": "WEBVTT\n\n00:00.500 --> 00:02.000\nThe water is cold.\n"
                 *     }
                 */
                "application/json": components["schemas"]["CaptionsRequest"];
            };
        };
        responses: {
            /** @description The track, and what was mended; playback and the HLS list show it from now on */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "cap_6Hd2Vs",
                     *       "language": "en",
                     *       "label": "English",
                     *       "mended": [
                     *         {
                     *           "code": "order",
                     *           "count": 2,
                     *           "line": 12,
                     *           "message": "2 cues were out of order."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AddedCaptions"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many captions (`captions.too_many`); Not in this state (`video.wrong_status`); Storage is full (`upload.quota_exceeded`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`); Captions not accepted (`captions.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many captions at once (`captions.too_often`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCaptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example cap_6Hd2Vs */
                captionId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`); No such captions (`captions.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["CompleteRequest"];
            };
        };
        responses: {
            /** @description Queued (or already further) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Parts are missing (`upload.parts_missing`); Size differs (`upload.size_mismatch`); Upload expired (`upload.expired`); Uploaded by somebody else (`upload_link.no_parts`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    playback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description URLs that work until `expiresAt` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "partial",
                     *       "hls": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/main.m3u8",
                     *       "mp4": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "download": "https://s3.example.org/storagex/processed/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "storyboard": "https://videos.example.org/play/eyJ2IjoiVjFTdCJ9/storyboard.vtt",
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English",
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description Unchanged: `If-None-Match` names the `ETag` of what would be shown */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing to play yet (`video.not_playable`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makePoster: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "at": 12.5
                 *     }
                 */
                "application/json": components["schemas"]["PosterRequest"];
            };
        };
        responses: {
            /** @description PUT the image to the URL */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PosterUpload"];
                };
            };
            /** @description The frame is being taken */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in this state (`video.wrong_status`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many posters at once (`poster.too_often`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restoreVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Back as it was */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description External id taken (`video.external_id_taken`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in this state (`video.wrong_status`); The original is gone (`source.gone`); Too many open uploads (`upload.too_many_open`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listShares: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The shares */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "V1StGXR8_Z5jdHi6B-myT",
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *           "embedUrl": "https://videos.example.org/embed/s/sxs_7f3K",
                     *           "label": "English",
                     *           "hasPassword": true,
                     *           "allowDownload": true,
                     *           "embedOrigins": [
                     *             "https://your.site"
                     *           ],
                     *           "views": 7,
                     *           "createdAt": "2026-01-31T10:00:00.000Z",
                     *           "expiresAt": "2026-01-31T11:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ShareList"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createShare: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "label": "For the family",
                 *       "expiresIn": 604800,
                 *       "password": "correct horse battery",
                 *       "allowDownload": true,
                 *       "embedOrigins": [
                 *         "https://your.site"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ShareRequest"];
            };
        };
        responses: {
            /** @description The share */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "shr_3Mw8Kt",
                     *       "url": "https://videos.example.org/s/sxs_7f3K",
                     *       "embedUrl": "https://videos.example.org/embed/s/sxs_7f3K",
                     *       "label": "For the family",
                     *       "hasPassword": true,
                     *       "allowDownload": true,
                     *       "embedOrigins": [
                     *         "https://your.site"
                     *       ],
                     *       "views": 7,
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Share"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many shares (`share.too_many`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @example shr_3Mw8Kt */
                shareId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`); No such share (`share.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                /** @example shr_3Mw8Kt */
                shareId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "label": "For the family",
                 *       "expiresIn": 604800,
                 *       "password": "correct horse battery",
                 *       "allowDownload": true,
                 *       "embedOrigins": [
                 *         "https://your.site"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ShareUpdate"];
            };
        };
        responses: {
            /** @description The share */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "embedUrl": "https://videos.example.org/embed/s/sxs_7f3K",
                     *       "label": "English",
                     *       "hasPassword": true,
                     *       "allowDownload": true,
                     *       "embedOrigins": [
                     *         "https://your.site"
                     *       ],
                     *       "views": 7,
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ListedShare"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`); No such share (`share.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many attempts (`auth.too_many_attempts`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A URL that works until `expiresAt` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "filename": "holiday.mov",
                     *       "size": 34866615,
                     *       "expiresAt": "2026-01-31T11:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Source"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The original is not assembled yet (`source.assembling`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    statistics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Per rendition, per stage, and along the timeline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "duration": 93.4,
                     *       "interval": 2,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "codec": "h264",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "copied": false,
                     *           "size": 34866615,
                     *           "averageBitrate": 2800000,
                     *           "peakBitrate": 4100000,
                     *           "ssim": 0.982,
                     *           "bitrates": [
                     *             2400000,
                     *             3100000
                     *           ]
                     *         }
                     *       ],
                     *       "sound": [
                     *         {
                     *           "name": "1080p",
                     *           "codec": "h264",
                     *           "language": "en",
                     *           "size": 34866615,
                     *           "averageBitrate": 2800000,
                     *           "peakBitrate": 4100000,
                     *           "loudness": -23.1
                     *         }
                     *       ],
                     *       "stages": [
                     *         {
                     *           "stage": "plan",
                     *           "tasks": 12,
                     *           "cpuSeconds": 184.2,
                     *           "wallSeconds": 61.4,
                     *           "elapsedSeconds": 41.5,
                     *           "speed": 2.3
                     *         }
                     *       ],
                     *       "spans": [
                     *         {
                     *           "from": 0,
                     *           "to": 93.4,
                     *           "cpuSeconds": 184.2,
                     *           "wallSeconds": 61.4,
                     *           "speed": 2.3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            /** @description Unchanged: `If-None-Match` names the `ETag` of what would be shown */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in this state (`video.wrong_status`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Parts and row are gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in this state (`video.wrong_status`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    storedParts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stored parts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "partSize": 8388608,
                     *       "partCount": 5,
                     *       "parts": [
                     *         {
                     *           "partNumber": 1,
                     *           "size": 8388608,
                     *           "etag": "\"9b2cf535f27731c974343645a3985328\""
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["StoredParts"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Upload expired (`upload.expired`); Not in this state (`video.wrong_status`); Uploaded by somebody else (`upload_link.no_parts`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partUrls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partNumbers": [
                 *         21,
                 *         22
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PartUrlsRequest"];
            };
        };
        responses: {
            /** @description URLs, each bound to its exact length */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parts": [
                     *         {
                     *           "partNumber": 1,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *           "expiresAt": "2026-01-31T11:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PartUrls"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Upload expired (`upload.expired`); Not in this state (`video.wrong_status`); Uploaded by somebody else (`upload_link.no_parts`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); No such part (`upload.part_out_of_range`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    partsStored: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["StoredRequest"];
            };
        };
        responses: {
            /** @description Parts found now, and parts to send next */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parts": [
                     *         {
                     *           "partNumber": 1,
                     *           "size": 8388608,
                     *           "etag": "\"9b2cf535f27731c974343645a3985328\""
                     *         }
                     *       ],
                     *       "wanted": [
                     *         4,
                     *         3
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FoundParts"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Upload expired (`upload.expired`); Not in this state (`video.wrong_status`); Uploaded by somebody else (`upload_link.no_parts`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeVideos: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "V1StGXR8Z5jdHi6B"
                 *       ],
                 *       "action": "tag",
                 *       "tags": [
                 *         "holiday"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description A result for each video, in the order asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": "V1StGXR8_Z5jdHi6B-myT",
                     *           "ok": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BulkAnswer"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importVideo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://media.example.org/films/lake.mp4?token=s3cr3t",
                 *       "filename": "lake.mp4",
                 *       "title": "The lake",
                 *       "description": "Filmed at the lake.\n0:00 Arrival",
                 *       "tags": [
                 *         "holiday",
                 *         "2026"
                 *       ],
                 *       "visibility": "private",
                 *       "chapters": [
                 *         {
                 *           "start": 0,
                 *           "title": "Arrival"
                 *         },
                 *         {
                 *           "start": 62.5,
                 *           "title": "The lake"
                 *         }
                 *       ],
                 *       "externalId": "order-1207",
                 *       "metadata": {
                 *         "customer": "1207",
                 *         "room": "B"
                 *       },
                 *       "profile": {
                 *         "quality": "fast",
                 *         "av1": false
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ImportRequest"];
            };
        };
        responses: {
            /** @description The video, whose source will be fetched */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "V1StGXR8_Z5jdHi6B-myT",
                     *       "ownerId": "usr_5Tn8Wd",
                     *       "title": "The lake",
                     *       "filename": "lake.mp4",
                     *       "size": 34866615,
                     *       "tags": [
                     *         "holiday",
                     *         "2026"
                     *       ],
                     *       "externalId": "order-1207",
                     *       "visibility": "private",
                     *       "publicDownload": false,
                     *       "origin": "upload",
                     *       "import": null,
                     *       "status": "completed",
                     *       "progress": 1,
                     *       "uploaded": 1,
                     *       "queuePosition": null,
                     *       "playable": true,
                     *       "poster": "https://s3.example.org/storagex/processed/poster.jpg?X-Amz-Expires=3600&X-Amz-Signature=5f2b",
                     *       "error": null,
                     *       "duration": 93.4,
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "renditions": [
                     *         {
                     *           "name": "1080p",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "codec": "h264",
                     *           "bitrate": 2800000,
                     *           "size": 34866615,
                     *           "copied": false
                     *         }
                     *       ],
                     *       "createdAt": "2026-01-31T10:00:00.000Z",
                     *       "updatedAt": "2026-01-31T10:05:00.000Z",
                     *       "completedAt": "2026-01-31T10:04:00.000Z",
                     *       "seq": 41,
                     *       "revision": 3,
                     *       "description": "Filmed at the lake.\n0:00 Arrival",
                     *       "metadata": {
                     *         "customer": "1207",
                     *         "room": "B"
                     *       },
                     *       "chapters": [
                     *         {
                     *           "start": 0,
                     *           "title": "Arrival"
                     *         }
                     *       ],
                     *       "source": {
                     *         "codec": "h264",
                     *         "frameRate": 25,
                     *         "bitDepth": 8,
                     *         "audio": [
                     *           "aac"
                     *         ],
                     *         "audioTracks": [
                     *           {
                     *             "name": "Japanese",
                     *             "codec": "h264",
                     *             "channels": 1,
                     *             "language": "ja",
                     *             "default": true,
                     *             "loudness": -23.1
                     *           }
                     *         ]
                     *       },
                     *       "frameRate": 25,
                     *       "processing": null,
                     *       "quality": {
                     *         "renditions": [
                     *           {
                     *             "name": "1080p",
                     *             "ssim": 0.982
                     *           }
                     *         ],
                     *         "cpuSeconds": 184.2,
                     *         "wallSeconds": 61.4
                     *       },
                     *       "posters": [
                     *         {
                     *           "index": 0,
                     *           "url": "https://s3.example.org/storagex/raw/lake.mp4?X-Amz-Expires=3600&X-Amz-Signature=5f2b"
                     *         }
                     *       ],
                     *       "posterIndex": 0,
                     *       "posterChange": null,
                     *       "captions": [
                     *         {
                     *           "id": "cap_6Hd2Vs",
                     *           "language": "en",
                     *           "label": "English"
                     *         }
                     *       ],
                     *       "views": 7,
                     *       "notes": [
                     *         {
                     *           "code": "media.unreadable",
                     *           "values": {},
                     *           "message": "The file cannot be read."
                     *         }
                     *       ],
                     *       "profile": {
                     *         "quality": "fast",
                     *         "av1": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["VideoDetail"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Sharing is off (`sharing.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such video (`video.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); External id taken (`video.external_id_taken`); Storage is full (`upload.quota_exceeded`); Too many open uploads (`upload.too_many_open`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`); Address not allowed (`import.refused`); Profile not allowed (`upload.profile_not_allowed`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many uploads begun (`upload.too_often`); Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Storage does not answer (`storage.unavailable`); Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "whk_2Ye5Ng",
                     *           "url": "https://example.org/hooks/storagex",
                     *           "events": [
                     *             "video.created"
                     *           ],
                     *           "description": "Our catalogue",
                     *           "enabled": true,
                     *           "disabledReason": null,
                     *           "createdAt": "2026-01-31T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Chosen by the client, e.g. a UUID: for 24 hours the same call with it is carried out once, and answers again with `Idempotency-Replayed: true`
                 * @example import-2026-11-29-0042
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.org/hooks/storagex",
                 *       "events": [
                 *         "video.playable",
                 *         "video.completed",
                 *         "video.failed"
                 *       ],
                 *       "description": "Our catalogue"
                 *     }
                 */
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook and the key of its signatures */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhook": {
                     *         "id": "whk_2Ye5Ng",
                     *         "url": "https://example.org/hooks/storagex",
                     *         "events": [
                     *           "video.created"
                     *         ],
                     *         "description": "Our catalogue",
                     *         "enabled": true,
                     *         "disabledReason": null,
                     *         "createdAt": "2026-01-31T10:00:00.000Z"
                     *       },
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The key of the signatures, shown this once
                         * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                         */
                        secret?: string;
                        webhook: components["schemas"]["Webhook"];
                    };
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The first call is still running (`request.idempotency_running`); Too many webhooks (`webhook.too_many`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Idempotency key used for another call (`request.idempotency_reused`); Address not allowed (`webhook.address_refused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_2Ye5Ng",
                     *       "url": "https://example.org/hooks/storagex",
                     *       "events": [
                     *         "video.created"
                     *       ],
                     *       "description": "Our catalogue",
                     *       "enabled": true,
                     *       "disabledReason": null,
                     *       "createdAt": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.org/hooks/storagex",
                 *       "events": [
                 *         "video.playable",
                 *         "video.completed",
                 *         "video.failed"
                 *       ],
                 *       "description": "Our catalogue",
                 *       "enabled": true
                 *     }
                 */
                "application/json": components["schemas"]["WebhookUpdate"];
            };
        };
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "whk_2Ye5Ng",
                     *       "url": "https://example.org/hooks/storagex",
                     *       "events": [
                     *         "video.created"
                     *       ],
                     *       "description": "Our catalogue",
                     *       "enabled": true,
                     *       "disabledReason": null,
                     *       "createdAt": "2026-01-31T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description Malformed request (`request.malformed`) */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too slow (`request.timeout`) */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large (`request.too_large`) */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported media type (`request.unsupported_type`) */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`); Address not allowed (`webhook.address_refused`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                status?: "waiting" | "delivered" | "failed";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "dlv_2Jb7Qm",
                     *           "eventId": "evt_8Kc2Lx",
                     *           "type": "video.created",
                     *           "status": "delivered",
                     *           "attempts": [
                     *             {
                     *               "at": "2026-01-31T10:00:00.000Z",
                     *               "status": 204,
                     *               "milliseconds": 84,
                     *               "error": null,
                     *               "response": "ok"
                     *             }
                     *           ],
                     *           "nextAttemptAt": null,
                     *           "createdAt": "2026-01-31T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Invalid request (`request.invalid`) */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dlv_2Jb7Qm */
                deliveryId: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveryId": "dlv_2Jb7Qm"
                     *     }
                     */
                    "application/json": components["schemas"]["QueuedDelivery"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`); No such delivery (`webhook.delivery_not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook is disabled (`webhook.disabled`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret, shown this once */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                     *     }
                     */
                    "application/json": components["schemas"]["RotatedWebhook"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveryId": "dlv_2Jb7Qm"
                     *     }
                     */
                    "application/json": components["schemas"]["QueuedDelivery"];
                };
            };
            /** @description Sign in first (`auth.required`); Token not accepted (`auth.token_invalid`) */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not do this (`auth.scope_missing`); The upload link may not do this (`upload_link.not_allowed`); Wrong host name (`request.host_refused`) */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such webhook (`webhook.not_found`) */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook is disabled (`webhook.disabled`) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many calls (`request.too_many`) */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error (`internal.error`) */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Database does not answer (`database.unavailable`); Not configured (`configuration.invalid`) */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    onUploadExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "upload.expired",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "externalId": "order-1207",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookDeleted"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "upload.expired";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoCompleted: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.completed",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.completed";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoCreated: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.created",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.created";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoDeleted: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.deleted",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "externalId": "order-1207",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookDeleted"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.deleted";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.failed",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.failed";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoPlayable: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.playable",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.playable";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoUpdated: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.updated",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.updated";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onVideoUploaded: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "video.uploaded",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {
                 *         "id": "V1StGXR8_Z5jdHi6B-myT",
                 *         "ownerId": "usr_5Tn8Wd",
                 *         "title": "The lake",
                 *         "filename": "lake.mp4",
                 *         "size": 34866615,
                 *         "tags": [
                 *           "holiday",
                 *           "2026"
                 *         ],
                 *         "externalId": "order-1207",
                 *         "visibility": "private",
                 *         "publicDownload": false,
                 *         "origin": "upload",
                 *         "import": null,
                 *         "status": "completed",
                 *         "progress": 1,
                 *         "uploaded": 1,
                 *         "queuePosition": null,
                 *         "playable": true,
                 *         "error": null,
                 *         "duration": 93.4,
                 *         "width": 1920,
                 *         "height": 1080,
                 *         "renditions": [
                 *           {
                 *             "name": "1080p",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "codec": "h264",
                 *             "bitrate": 2800000,
                 *             "size": 34866615,
                 *             "copied": false
                 *           }
                 *         ],
                 *         "createdAt": "2026-01-31T10:00:00.000Z",
                 *         "updatedAt": "2026-01-31T10:05:00.000Z",
                 *         "completedAt": "2026-01-31T10:04:00.000Z",
                 *         "seq": 41,
                 *         "revision": 3,
                 *         "description": "Filmed at the lake.\n0:00 Arrival",
                 *         "metadata": {
                 *           "customer": "1207",
                 *           "room": "B"
                 *         },
                 *         "chapters": [
                 *           {
                 *             "start": 0,
                 *             "title": "Arrival"
                 *           }
                 *         ],
                 *         "source": {
                 *           "codec": "h264",
                 *           "frameRate": 25,
                 *           "bitDepth": 8,
                 *           "audio": [
                 *             "aac"
                 *           ],
                 *           "audioTracks": [
                 *             {
                 *               "name": "Japanese",
                 *               "codec": "h264",
                 *               "channels": 1,
                 *               "language": "ja",
                 *               "default": true,
                 *               "loudness": -23.1
                 *             }
                 *           ]
                 *         },
                 *         "frameRate": 25,
                 *         "processing": null,
                 *         "quality": {
                 *           "renditions": [
                 *             {
                 *               "name": "1080p",
                 *               "ssim": 0.982
                 *             }
                 *           ],
                 *           "cpuSeconds": 184.2,
                 *           "wallSeconds": 61.4
                 *         },
                 *         "posterIndex": 0,
                 *         "posterChange": null,
                 *         "captions": [
                 *           {
                 *             "id": "cap_6Hd2Vs",
                 *             "language": "en",
                 *             "label": "English"
                 *           }
                 *         ],
                 *         "views": 7,
                 *         "notes": [
                 *           {
                 *             "code": "media.unreadable",
                 *             "values": {},
                 *             "message": "The file cannot be read."
                 *           }
                 *         ],
                 *         "profile": {
                 *           "quality": "fast",
                 *           "av1": false
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    data: components["schemas"]["WebhookVideo"];
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "video.uploaded";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookTest: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the event: the same on every try, and for every endpoint */
                "webhook-id": string;
                /** @description Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation */
                "webhook-signature": string;
                /** @description Seconds since 1970, of this try */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "webhook.test",
                 *       "timestamp": "2026-01-31T10:04:00.000Z",
                 *       "data": {}
                 *     }
                 */
                "application/json": {
                    data: Record<string, never>;
                    /**
                     * Format: date-time
                     * @description When it happened: of two events about a video the later one is the newer
                     */
                    timestamp: string;
                    /** @enum {string} */
                    type: "webhook.test";
                };
            };
        };
        responses: {
            /** @description Delivered, if it comes within 15 seconds */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is no more: the webhook is disabled */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again later */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
