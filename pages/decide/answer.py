from advisor.ui import answer

answer.draw()
