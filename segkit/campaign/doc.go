// Package campaign asks what an offer changes, and what to do about each segment: it plans a test with a hold-out, and reads its result.
//
//	Test       what is tested and what counts as success, declared beforehand: Size says which effects it can find, Draw who gets nothing
//	Manifest   who is offered what, frozen in a file that anybody can check later
//	Result     what the offer changed in each segment, with intervals, what it costs, and where no effect is shown; made by Manifest.Read
//	Plan       a page: who customers are, what they bring, what to do (PlayBook), what a success is worth, how to test it
//	Programme  loyalty tiers as data: Place says who is in which, Compare who moves with a cut, Replay who would have been where, Best which cuts are best
//	Shortlist  value times risk: the customers among whom to draw lots, before an offer to keep customers
//
// What customers spent afterwards is not what an offer changed: customers who would have bought anyway also buy with the offer. Only a
// hold-out, drawn by lot before the offer goes out, shows the difference.
package campaign
