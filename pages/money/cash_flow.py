from advisor.ui import cash_flow

cash_flow.draw()
