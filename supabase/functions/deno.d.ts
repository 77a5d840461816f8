/** The little of Deno that entry files and ports name; everything else here runs on Node as well. */
declare const Deno: {
  serve(handle: (request: Request) => Response | Promise<Response>): unknown;
  readonly env: { get(name: string): string | undefined };
};
