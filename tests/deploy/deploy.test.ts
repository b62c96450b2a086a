import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { validate } from 'dockerfile-utils'
import { Deployment } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1'
import { SETTING_NAMES } from '../../packages/server/src/lib/load-config/load-config.ts'
import { needs } from '../../tools/needs.ts'
import { documentsOf, envNames, pathOf, textOf, yamlOf } from './files.ts'

const run = promisify(execFile)

const SETTINGS_OF_OTHERS = ['NODE_ENV', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD_FILE']

/** Compose takes names as a list, or with settings. */
function namesIn(names: unknown): readonly string[] {
  return Array.isArray(names) ? names : Object.keys(Object(names))
}

function isWithin(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  const list = new BlockList()
  list.addSubnet(base, Number(bits))
  return list.check(address)
}

function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-deploy-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('every setting in the samples is one that the server knows', () => {
  const files = [
    ...['compose/compose.yaml', 'compose/compose.cluster.yaml', 'compose/.env.example'],
    ...['systemd/yaopai.service', 'systemd/yaopai.env.example', 'kubernetes/yaopai.yaml'],
  ]
  const known = new Set([...SETTING_NAMES, ...SETTINGS_OF_OTHERS])
  for (const file of files) {
    const names = envNames(textOf(file))
    assert.ok(names.length > 0, `${file} sets nothing`)
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
      file,
    )
  }
})

test('a setting stands by itself or in a file, never both, which no server starts with: the image sets some too', () => {
  const ofImage = envNames(textOf('container/Containerfile'))
  assert.ok(ofImage.includes('HOST'), 'the image sets its settings in another way now')
  for (const file of ['compose/compose.yaml', 'compose/compose.cluster.yaml', 'kubernetes/yaopai.yaml']) {
    const names = new Set([...ofImage, ...envNames(textOf(file))])
    const twice = [...names].filter((name) => names.has(`${name}_FILE`))
    assert.deepEqual(twice, [], file)
  }
})

describe('the container file', () => {
  const text = textOf('container/Containerfile')

  test('is sound by the linter', () => {
    assert.deepEqual(
      validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
      [],
    )
  })

  test('runs as nobody special, and no package runs a script while it is built', () => {
    assert.match(text, /^USER node$/m)
    for (const [line] of text.matchAll(/^RUN .*npm ci.*$/gm)) assert.match(line, /--ignore-scripts/)
    // On the public listener BASE_PATH stands before it.
    assert.match(text, /INTERNAL_PORT \|\| 8789\) \+ '\/healthz'/)
  })
})

describe('compose', () => {
  for (const file of ['compose/compose.yaml', 'compose/compose.cluster.yaml']) {
    test(`${file}: the internal port is published nowhere, and every name it uses is defined`, () => {
      const whole = Object(yamlOf(file))
      const services: Record<string, unknown>[] = Object.values(whole.services)
      for (const service of services) {
        const ports: string[] = Object(service)['ports'] ?? []
        assert.ok(
          ports.every((port) => port.startsWith('127.0.0.1:') && !port.includes('8789')),
          JSON.stringify(ports),
        )
        for (const name of Object(service)['secrets'] ?? []) assert.ok(name in whole.secrets, name)
        for (const name of namesIn(Object(service)['networks'])) assert.ok(name in whole.networks, name)
        for (const volume of Object(service)['volumes'] ?? []) {
          const [source = ''] = String(volume).split(':')
          assert.ok(source.startsWith('.') || source in whole.volumes, source)
        }
      }
    })
  }

  test('a node behind nginx keeps its address, which no other service can get', () => {
    const { services, networks } = Object(yamlOf('compose/compose.cluster.yaml'))
    const nodes = [...textOf('compose/nginx.conf').matchAll(/^ +server (yaopai-\d):8787/gm)].map(
      ([, name]) => name,
    )
    assert.deepEqual(nodes, ['yaopai-1', 'yaopai-2'])
    const addresses = nodes.map((name) => String(services[name ?? ''].networks.backend.ipv4_address))
    assert.equal(new Set(addresses).size, nodes.length)
    const [{ subnet, ip_range: range }] = networks.backend.ipam.config
    for (const address of addresses) {
      assert.ok(isWithin(address, subnet), address)
      assert.ok(!isWithin(address, range), address)
    }
  })

  test('nginx takes the file in front of the nodes', needs('nginx'), async (t) => {
    const folder = tempFolder(t)
    // The names of the nodes are known inside of compose alone.
    const text = textOf('compose/nginx.conf')
      .replaceAll(/yaopai-\d:8787/g, '127.0.0.1:8787')
      .replaceAll('/tmp/', `${folder}/`)
    writeFileSync(join(folder, 'nginx.conf'), text)
    const PATH = [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(':')
    const { stderr } = await run(
      'nginx',
      ['-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
      {
        env: { ...process.env, PATH },
      },
    )
    assert.match(stderr, /test is successful/)
  })
})

test('no secret of compose comes near an image', () => {
  const left = textOf('container/Containerfile.dockerignore').split('\n')
  for (const name of ['**/.env*', 'deploy/compose/secrets']) assert.ok(left.includes(name), name)
})

test('the unit starts the server again after everything that may mend itself, without end, as the guide says', () => {
  const unit = textOf('systemd/yaopai.service')
  // 78 is also a database server that is not up yet; 2 and 65 stay as they are.
  assert.match(unit, /^Restart=on-failure$/m)
  assert.match(unit, /^RestartPreventExitStatus=2 65$/m)
  assert.match(unit, /^StartLimitIntervalSec=0$/m)
  assert.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m)
})

describe('the systemd unit', needs('systemd'), () => {
  /** With this machine's Node, and no EnvironmentFile that is not there. */
  function unitFile(t: TestContext): string {
    const file = join(tempFolder(t), 'yaopai.service')
    writeFileSync(file, textOf('systemd/yaopai.service').replace('/usr/bin/node', process.execPath))
    return file
  }

  test('is sound', (t) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unitFile(t)], {
      encoding: 'utf8',
    })
    assert.deepEqual([status, `${stdout}${stderr}`], [0, ''])
  })

  test('leaves the service little to do harm with: an exposure of at most 1.5 of 10', (t) => {
    const args = ['security', '--offline=true', '--no-pager', '--threshold=15', unitFile(t)]
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    assert.equal(status, 0, `${stdout}${stderr}`)
  })
})

describe('the Kubernetes manifests', () => {
  const models = { ConfigMap, Deployment, NetworkPolicy, PodDisruptionBudget, Secret, Service }
  const documents = ['kubernetes/yaopai.yaml', 'kubernetes/secret.example.yaml'].flatMap(documentsOf)
  const deployment = Object(documents.find((document) => Object(document).kind === 'Deployment'))

  for (const document of documents) {
    const { kind, metadata } = Object(document)
    test(`${kind} ${metadata.name} fits the schema of Kubernetes' API`, () => {
      const Model = Object(models)[kind]
      assert.ok(Model, `No schema for ${kind}`)
      new Model(document).validate()
    })
  }

  test('a field that Kubernetes does not know is found', () => {
    const wrong = structuredClone(deployment)
    wrong.spec.template.spec.containers[0].livenessProbe.httpGet.port = {}
    assert.throws(() => new Deployment(wrong).validate())
  })

  test('a database that is away takes nodes out of the balancer and restarts none', () => {
    const [container] = deployment.spec.template.spec.containers
    assert.equal(container.livenessProbe.httpGet.path, '/healthz')
    assert.equal(container.readinessProbe.httpGet.path, '/readyz')
    // On the public listener BASE_PATH stands before them.
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      assert.equal(container[probe].httpGet.port, 'internal', probe)
    const pause = Number(container.lifecycle.preStop.exec.command[1])
    assert.ok(deployment.spec.template.spec.terminationGracePeriodSeconds > pause + 15)
  })

  test('services, budget and policy speak of the pods that the deployment makes; the secret has the files it reads', () => {
    const { labels } = deployment.spec.template.metadata
    for (const { kind, spec } of documents.map(Object)) {
      const selector = kind === 'Service' ? spec.selector : (spec?.selector ?? spec?.podSelector)?.matchLabels
      if (selector !== undefined) assert.deepEqual(selector, labels, kind)
    }
    const secret = Object(documents.find((document) => Object(document).kind === 'Secret'))
    const [container] = deployment.spec.template.spec.containers
    for (const { name, value } of container.env) {
      assert.ok((String(value).split('/').at(-1) ?? '') in secret.stringData, name)
    }
  })
})

test('every file of the table in deploy/README.md is there', () => {
  const links = [...textOf('README.md').matchAll(/\]\(((?:container|compose|systemd|kubernetes)\/[^)]+)\)/g)]
  assert.ok(links.length >= 5)
  for (const [, file = ''] of links) assert.ok(textOf(file).length > 0, pathOf(file))
})
