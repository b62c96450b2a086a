const hearing = require('../../lib/hear.js')

hearing({
  data: { model: 'first', isFocused: false, cleared: '' },
  louder(event) {
    return { value: event.detail.value.toUpperCase(), cursor: 1 }
  },
  focusIt() {
    this.setData({ isFocused: true })
  },
  clear() {
    this.setData({ cleared: '' })
  },
})
