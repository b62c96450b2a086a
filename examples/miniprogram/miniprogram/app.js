const { createYaopai } = require('@yaopai/miniprogram')
const { authUrl, baseUrl } = require('./config')
const { wordsFor } = require('./lib/i18n')
const { createShop } = require('./lib/shop')

App({
  onLaunch() {
    this.yaopai = createYaopai({ baseUrl, authUrl })
    this.words = wordsFor(wx)
    this.shop = createShop(this.yaopai, this.words.language)
    // The login begins while the first page is being drawn. Pages await it too, and tell when it fails.
    this.yaopai.ready().catch(() => {})
  },
})
