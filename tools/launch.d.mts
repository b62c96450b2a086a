export declare const sourceFlags: string[]
export declare function launch(
  script: string,
  args?: string[],
  options?: { node?: string; env?: NodeJS.ProcessEnv },
): void
