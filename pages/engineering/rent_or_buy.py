from advisor.ui import rent_or_buy

rent_or_buy.draw()
