export type SystemPackage =
  | 'chromium'
  | 'faketime'
  | 'iproute2'
  | 'mariadb'
  | 'nginx'
  | 'openssl'
  | 'postgresql'
  | 'python3-django'
  | 'redis'
  | 'slowhttptest'
  | 'strace'
  | 'systemd'

export declare const systemPackages: Record<
  SystemPackage,
  { debian: string; probe: string[]; paths?: string[] }
>
export declare function postgresqlFolders(base?: string): string[]
export declare function isThere(name: SystemPackage): boolean
export declare function installSystemPackages(): void
