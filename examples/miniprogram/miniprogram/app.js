const { createYaopai } = require('@yaopai/miniprogram')
const { serversOf } = require('./config')
const { wordsFor } = require('./lib/i18n')
const { createShop } = require('./lib/shop')

App({
  onLaunch() {
    const servers = serversOf(wx)
    this.yaopai = createYaopai({ baseUrl: servers.baseUrl, authUrl: servers.authUrl })
    this.words = wordsFor(wx)
    this.shop = createShop(this.yaopai, servers.authUrl, this.words.language)
    // The login begins while the first page is being drawn. Pages await it too, and tell when it fails.
    this.yaopai.ready().catch(() => {})
  },
})
