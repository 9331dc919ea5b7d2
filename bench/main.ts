/** `pnpm bench` measures calls (`calls.ts`), `pnpm bench growth` what grows (`growth/main.ts`). */
if (process.argv[2] === "growth") await import("./growth/main.ts")
else await import("./calls.ts")
