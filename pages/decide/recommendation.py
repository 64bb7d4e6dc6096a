from advisor.ui import recommendation

recommendation.draw()
