/// <reference types="vite/client" />
/// <reference types="@solidjs/start/env" />
/// <reference types="vidstack/solid" />
