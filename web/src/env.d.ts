/// <reference types="vite/client" />
/// <reference types="@solidjs/start/env" />
/// <reference types="vidstack/solid" />

// File handles: in Chromium, not yet in TypeScript's DOM library.
interface FileSystemHandle {
  queryPermission?(descriptor: { mode: "read" }): Promise<PermissionState>;
  requestPermission?(descriptor: { mode: "read" }): Promise<PermissionState>;
}
interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}
