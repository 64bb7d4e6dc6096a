from advisor.ui import alternatives

alternatives.draw()
