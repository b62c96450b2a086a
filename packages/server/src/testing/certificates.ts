import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

export interface Certificates {
  /** The authority's own certificate, PEM. */
  readonly ca: string
  /** Signed by the authority for this name. A negative number of days is over already. */
  issue(name: string, days?: number): Certificate
  /** Signed by itself. */
  selfSigned(name: string): Certificate
}

/** A certificate authority for one test file, made by openssl in a temporary folder that is removed. */
export function withCertificates<T>(use: (certificates: Certificates) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-certificates-'))
  try {
    return use(createAuthority(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function createAuthority(folder: string): Certificates {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(at(name), 'utf8')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  let made = 0
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  )

  return {
    ca: read('ca.pem'),
    issue(name, days = 2) {
      made += 1
      const [key, request, cert, names] = [`${made}.key`, `${made}.csr`, `${made}.pem`, `${made}.cnf`]
      writeFileSync(at(names), `subjectAltName=DNS:${name}\n`)
      openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${name}`)
      const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', names]
      openssl('x509', '-req', '-in', request, ...authority, '-days', String(days), '-out', cert)
      return { key: read(key), cert: read(cert) }
    },
    selfSigned(name) {
      made += 1
      const [key, cert] = [`${made}.key`, `${made}.pem`]
      const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
      openssl('req', '-x509', ...newKey, '-keyout', key, '-out', cert, '-days', '2', ...subject)
      return { key: read(key), cert: read(cert) }
    },
  }
}
