// Package campaign asks what an offer changes, and what to do about each segment: it plans a test with a hold-out, and reads its result.
//
//	Test      what is tested and what counts as success, declared before: Size says which effects it can find, Draw who gets nothing
//	Manifest  who is offered what, frozen in a file that anybody can check later
//	Result    what the offer changed in each segment, with intervals, what it costs, and where nothing is shown: Manifest.Read makes it
//
//	Programme a loyalty programme as data: who is in which tier (Place), what it costs, who moves when a cut moves (Compare), who would have been where (Replay), the best cuts within a budget (Best)
//	Plan      for each segment who they are, what they bring, what to do (PlayBook), what a success is worth and how to test it: the page that a manager reads first
//	Shortlist value times risk, as a list for a test of an offer that keeps customers
//
// What customers spent afterwards is not what an offer would change: customers who would have bought anyway buy with the offer, too. Only
// a hold-out, drawn by lot before the offer goes out, shows the difference.
package campaign
