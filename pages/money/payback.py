from advisor.ui import payback

payback.draw()
