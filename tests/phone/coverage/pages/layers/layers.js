const hearing = require('../../lib/hear.js')

hearing({
  data: { isOpen: false, title: 'Layers' },
  open() {
    this.setData({ isOpen: true })
  },
  rename() {
    this.setData({ title: 'Renamed' })
  },
})
