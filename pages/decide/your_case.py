from advisor.ui import your_case

your_case.draw()
