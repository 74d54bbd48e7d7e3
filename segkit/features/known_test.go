package features_test

// Small files in the formats of known exports, made up by us, with what they add up to worked out by hand. The headers are those of the
// exports, as their makers document them or as public code that reads them has them.

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
)

func TestKnownExports(t *testing.T) {
	for name, c := range map[string]struct {
		file                     string
		lines, orders, customers int
		sales, refunds           string
		rules                    []features.Rule
		net                      string // after the rules
		notes, ledger            []string
	}{
		// help.shopify.com, "Exporting orders to a CSV file": what is of the whole order stands on its first line. Sales 2·10 + 30 + 30 +
		// 10; order 1002 is refunded, so 60 remain; its 32.00 include 2.00 of shipping.
		"Shopify": {`Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount
#1001,ann@example.org,paid,2025-01-05 23:31:00 -0500,USD,50.00,59.00,2025-01-05 23:30:00 -0500,2,Mug,10.00,0.00
#1001,ann@example.org,,,,,,2025-01-05 23:30:00 -0500,1,Pot,30.00,
#1002,Ann@example.org,refunded,2025-02-01 09:00:00 -0500,USD,30.00,32.00,2025-02-01 09:00:00 -0500,1,Pot,30.00,32.00
#1003,bob@example.org,paid,2025-04-01 09:00:00 -0400,USD,10.00,11.00,2025-04-01 09:00:00 -0400,1,Mug,10.00,0.00
`, 4, 3, 3, "90", "0", []features.Rule{features.SameEmail, features.Undone}, "60",
			[]string{"Shopify", "shipping and taxes", `"refunded" on 1 line`, "32 in all", "features.SameEmail makes 1 customer"},
			[]string{"SameEmail: 2 spellings of 1 customer.", "30 deducted as refunds", "Another 2 was refunded beyond"}},
		// Advanced Order Export for WooCommerce, one row a product: 2·12.50 + 5 + 40, less the cancelled 40
		"WooCommerce": {`Order Number,Order Status,Order Date,Email (Billing),Order Total Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost
501,Completed,2025-03-01 10:00,ann@example.org,35.00,T-1,1,Tea,2,12.50
501,Completed,2025-03-01 10:00,ann@example.org,35.00,C-1,2,Cup,1,5.00
502,Cancelled,2025-03-02 11:30,bob@example.org,40.00,P-1,1,Pot,1,40.00
`, 3, 2, 2, "70.0", "0.0", []features.Rule{features.Undone}, "30.0", []string{"WooCommerce", `"Cancelled" on 1 line`}, []string{"1 line removed because of the order's status"}},
		// the orders grid of Magento 2 as docs.magento.com lists its columns: 100 + 60 + 20, of which 25 and 20 went back
		"Magento": {`ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,Customer Group,Subtotal,Payment Method,Total Refunded
000000001,Main Website,2025-01-02 08:00:00,Ann A,Ann A,100.00,100.00,Complete,ann@example.org,General,95.00,checkmo,25.00
000000002,Main Website,2025-01-03 08:00:00,Bob B,Bob B,60.00,60.00,Complete,bob@example.org,General,55.00,checkmo,
000000003,Main Website,2025-01-04 08:00:00,Bob B,Bob B,20.00,20.00,Closed,bob@example.org,General,15.00,checkmo,20.00
`, 3, 3, 2, "180", "0", []features.Rule{features.Undone}, "135", []string{"Magento", "grand total", "45 in all"}, []string{"45 deducted"}},
		// the list of orders of PrestaShop's back office: 20.50 + 9.50, one cancelled
		"PrestaShop": {`ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date
1;XKBKNABJK;1;France;A. Martin;20.50;Bank wire;Payment accepted;2025-01-02 08:00:00
2;OHSATSERP;0;France;A. Martin;9.50;Bank wire;Canceled;2025-01-03 08:00:00
`, 2, 2, 1, "30.0", "0.0", []features.Rule{features.Undone}, "20.5", []string{"PrestaShop", "by name only"}, nil},
		// Stripe's dashboard, Payments, Export: 20 + 30 + 15; 5 of the 20 refunded, the 15 failed
		"Stripe": {`id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Converted Amount,Converted Amount Refunded,Fee,Tax,Converted Currency,Mode,Status,Statement Descriptor,Customer ID,Customer Description,Customer Email,Captured,Card ID
ch_1,Order 1,Payment complete.,2025-01-02 08:00,20.00,5.00,eur,20.00,5.00,0.88,0.00,eur,Live,Paid,SHOP,cus_1,,ann@example.org,true,card_1
ch_2,Order 2,Payment complete.,2025-01-03 08:00,30.00,0.00,eur,30.00,0.00,1.17,0.00,eur,Live,Paid,SHOP,cus_2,,bob@example.org,true,card_2
ch_3,Order 3,The bank declined.,2025-01-04 08:00,15.00,0.00,eur,15.00,0.00,0.00,0.00,eur,Live,Failed,SHOP,cus_2,,bob@example.org,false,card_2
`, 3, 3, 2, "65", "0", []features.Rule{features.Undone}, "45", []string{"Stripe", `"Failed" on 1 line`, "5 in all"}, []string{"5 deducted"}},
		// the same from the unified list of payments: 20, and 15 that failed
		"Stripe, all payments": {`id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Description,Fee,Refunded date (UTC),Status,Customer ID,Customer Email,Invoice ID
ch_1,2025-01-02 08:00,20.00,5.00,eur,true,Order 1,0.88,2025-01-09 08:00,Paid,cus_1,ann@example.org,in_1
ch_3,2025-01-04 08:00,15.00,0.00,eur,false,Order 3,0.00,,Failed,cus_2,bob@example.org,in_3
`, 2, 2, 2, "35", "0", []features.Rule{features.Undone}, "15", []string{"Stripe", `"Failed" on 1 line`, "5 in all"}, []string{"5 deducted"}},
		// PayPal's Activity download: 1,220 + 30, of which the 30 went back, and 500 to the bank; both of these are lines of the shop itself
		"PayPal": {`"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Shipping Address","Address Status","Item Title","Item ID","Quantity","Balance"
"01/25/2025","08:00:00","PST","Ann A","Express Checkout Payment","Completed","USD","1,220.00","-0.88","1,219.12","ann@example.org","shop@example.org","T1","","","Mug","M-1","2","1,219.12"
"01/26/2025","09:00:00","PST","Bob B","Express Checkout Payment","Refunded","USD","30.00","-1.17","28.83","bob@example.org","shop@example.org","T2","","","Pot","P-1","1","1,247.95"
"01/27/2025","09:00:00","PST","Bob B","Payment Refund","Completed","USD","-30.00","1.17","-28.83","shop@example.org","bob@example.org","T3","","","","","","1,219.12"
"01/28/2025","09:00:00","PST","","General Withdrawal","Completed","USD","-500.00","0.00","-500.00","shop@example.org","","T4","","","","","","719.12"
`, 4, 4, 3, "1,250", "−530", []features.Rule{features.Without("customer", "shop@example.org"), features.Undone}, "1,220", []string{"PayPal", "fees are left out", "as the sender"}, []string{"1 line removed because of the order's status"}},
		// Square's dashboard, Item sales: net sales of the line, negative where it is refunded
		"Square": {`Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID
2025-01-02,08:00:00,Eastern Time (US & Canada),Coffee,Latte,2,Large,L-1,,"$10.00",($1.00),$9.00,$0.90,T1,P1,Till,,,Payment,Main,,C1,Ann,
2025-01-03,09:00:00,Eastern Time (US & Canada),Coffee,Latte,-1,Large,L-1,,($5.00),$0.50,($4.50),($0.45),T2,P2,Till,,,Refund,Main,,C1,Ann,
2025-01-03,09:30:00,Eastern Time (US & Canada),Cake,Scone,1,Regular,S-1,,$3.00,$0.00,$3.00,$0.30,T3,P3,Till,,,Payment,Main,,C2,Bob,
`, 3, 3, 2, "12.0", "−4.5", []features.Rule{features.NetCancelled}, "7.5", []string{"Square", "net sales", "negative already"}, []string{"1 matched by product id"}},
		// Amazon's flat file order report (GET_FLAT_FILE_ORDERS_DATA): item-price is of all units of the line
		"Amazon": {strings.ReplaceAll(`order-id|order-item-id|purchase-date|payments-date|buyer-email|buyer-name|buyer-phone-number|sku|product-name|quantity-purchased|currency|item-price|item-tax|shipping-price|shipping-tax
111-1|1|2025-01-02T08:00:00+00:00|2025-01-02T08:00:00+00:00|a1@marketplace.example|Ann||M-1|Mug|2|USD|20.00|1.60|4.00|0.00
111-1|2|2025-01-02T08:00:00+00:00|2025-01-02T08:00:00+00:00|a1@marketplace.example|Ann||P-1|Pot|1|USD|30.00|2.40|0.00|0.00
111-2|3|2025-01-05T08:00:00+00:00|2025-01-05T08:00:00+00:00|b2@marketplace.example|Bob||M-1|Mug|1|USD|10.00|0.80|4.00|0.00
`, "|", "\t"), 3, 2, 2, "60", "0", nil, "60", []string{"Amazon", "whole line"}, nil},
		// eBay's Seller Hub, orders report: 2·15 + 8 + 4, and a combined order's line that sums up the last two
		"eBay": {`Sales Record Number,Order Number,Buyer Username,Item Number,Item Title,Custom Label,Quantity,Sold For,Shipping And Handling,Total Price,Sale Date
1001,12-34567-89012,ann_a,123456789012,Mug,M-1,2,AU $15.00,AU $5.00,AU $35.00,26-May-26
1002,12-34567-89013,bob_b,,,,2,AU $12.00,AU $5.00,AU $17.00,27-May-26
1002,12-34567-89013,bob_b,123456789013,Pot,P-1,1,AU $8.00,,,27-May-26
1002,12-34567-89013,bob_b,123456789014,Cup,C-1,1,AU $4.00,,,27-May-26
`, 4, 2, 2, "66", "0", []features.Rule{features.Without("product", "")}, "42", []string{"eBay", "Postage", "combined order"}, nil},
		// doi:10.24432/C5BW33
		"Online Retail": {`InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
C536379,85123A,HOLDER,-2,2010-12-02 08:26:00,2.55,17850,United Kingdom
536366,22633,WARMER,1,2010-12-01 08:28:00,1.85,,France
`, 3, 3, 1, "17.15", "−5.10", []features.Rule{features.NoCustomer, features.NetCancelled}, "10.20", []string{"UCI's Online Retail."}, nil},
		// doi:10.24432/C5CG6D
		"Online Retail II": {`Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
489434,85048,LIGHTS,12,2009-12-01 07:45:00,6.95,13085,United Kingdom
C489449,85048,LIGHTS,-12,2009-12-02 10:33:00,6.95,13085,United Kingdom
`, 2, 2, 1, "83.40", "−83.40", []features.Rule{features.NetCancelled}, "0.00", []string{"Online Retail II"}, nil},
		// kaggle.com/olistbr/brazilian-ecommerce: customer u1 has two customer_ids
		"Olist": {`order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_item_id,product_id,seller_id,price,freight_value,product_category_name,customer_unique_id,customer_city,customer_state
o1,c1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,1,p1,s1,29.99,8.72,perfumaria,u1,sao paulo,SP
o1,c1,delivered,2017-10-02 10:56:33,2017-10-02 11:07:15,2,p1,s1,29.99,8.72,perfumaria,u1,sao paulo,SP
o2,c2,canceled,2018-01-02 09:00:00,2018-01-02 09:10:00,1,p2,s1,50.00,9.00,telefonia,u1,sao paulo,SP
`, 3, 2, 1, "109.98", "0.00", []features.Rule{features.Undone}, "59.98", []string{"customer_unique_id", "Freight"}, nil},
		// Tableau's sample: sales are of the whole line
		"Superstore": {`Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit
1,CA-1,11/18/2016,11/21/2016,Second Class,CG-1,Claire,Consumer,United States,Henderson,Kentucky,42420,South,FUR-1,Furniture,Bookcases,Bookcase,261.96,2,0,41.91
2,CA-1,11/18/2016,11/21/2016,Second Class,CG-1,Claire,Consumer,United States,Henderson,Kentucky,42420,South,FUR-2,Furniture,Chairs,Chair,731.94,3,0,219.58
`, 2, 1, 1, "993.90", "0.00", nil, "993.90", []string{"Superstore", "whole line"}, nil},
		// the same as Kaggle has it, without quantities: day first, as the third line shows
		"Superstore without quantities": {`Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales
1,CA-1,08/11/2017,11/11/2017,Second Class,CG-1,Claire,Consumer,United States,Henderson,Kentucky,42420,South,FUR-1,Furniture,Bookcases,Bookcase,261.96
2,CA-1,08/11/2017,11/11/2017,Second Class,CG-1,Claire,Consumer,United States,Henderson,Kentucky,42420,South,FUR-2,Furniture,Chairs,Chair,731.94
3,CA-2,16/06/2017,18/06/2017,Second Class,DV-1,Darrin,Corporate,United States,Los Angeles,California,90036,West,OFF-1,Office Supplies,Labels,Labels,14.62
`, 3, 2, 2, "1,008.52", "0.00", nil, "1,008.52", nil, nil},
		// Fader and Hardie's CDNOW with the names of its columns: dollars of all CDs of the day
		"CDNOW": {"customer_id,date,number_of_cds,dollar_value\n00001,19970101,1,11.77\n00002,19970112,5,77.00\n00002,19970112,1,12.00\n", 3, 2, 2, "100.77", "0.00", nil, "100.77",
			[]string{"CDNOW", "on one day"}, nil},
		// github.com/bradleyboehmke/completejourney, transactions
		"completejourney": {`household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp
900,330,31198570044,1095275,2,1.00,0.00,0,0,1,2017-01-01 11:53:26
900,330,31198570044,9878513,1,0.99,0.10,0,0,1,2017-01-01 11:53:26
1228,406,31198655051,1041453,1,1.43,0.15,0,0,1,2017-01-01 12:34:01
`, 3, 2, 2, "3.42", "0.00", nil, "3.42", []string{"dunnhumby"}, nil},
	} {
		o, err := features.ParseOrders(strings.NewReader(c.file), name+".csv", features.OrdersOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n, _ := o.Count()
		if n.Lines != c.lines || n.Orders != c.orders || n.Customers != c.customers || n.Sales.String() != c.sales || n.Refunds.String() != c.refunds {
			t.Errorf("%s: %+v, want %d lines, %d orders, %d customers, sales %s, refunds %s", name, n, c.lines, c.orders, c.customers, c.sales, c.refunds)
		}
		notes, _ := o.Notes()
		for _, want := range c.notes {
			if !strings.Contains(strings.Join(notes, "\n"), want) {
				t.Errorf("%s: %q is not in the notes %q", name, want, notes)
			}
		}
		if shown := o.Sheet().Notes; !slices.Equal(shown, notes) {
			t.Errorf("%s: shown are %q", name, shown)
		}
		ledger := clean(t, o, c.rules...).Ledger
		if net := ledger.Closing.Net().String(); net != c.net {
			t.Errorf("%s: %s net after %v, want %s", name, net, c.rules, c.net)
		}
		for _, want := range c.ledger {
			if !strings.Contains(strings.Join(ledger.Notes, "\n"), want) {
				t.Errorf("%s: %q is not in the ledger's %q", name, want, ledger.Notes)
			}
		}
	}
}

// Some exports cannot be counted, and the sentence says why and which one can.
func TestExportsThatCannotBeCounted(t *testing.T) {
	for header, want := range map[string]string{
		"order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order\n1,1,prior,1,2,8,\n":                                                                                                    "Instacart's orders, which has no money",
		"order_id,product_id,add_to_cart_order,reordered\n1,2,1,0\n":                                                                                                                                                       "no customers",
		"household_key,BASKET_ID,DAY,PRODUCT_ID,QUANTITY,SALES_VALUE,STORE_ID,RETAIL_DISC,TRANS_TIME,WEEK_NO,COUPON_DISC,COUPON_MATCH_DISC\n1,2,1,3,1,1.39,4,0,1631,1,0,0\n":                                               "numbers its days from 1 (DAY)",
		"amazon-order-id\tpurchase-date\torder-status\tsku\tasin\tquantity\titem-price\nx\t2025-01-02\tShipped\ts\ta\t1\t2\n":                                                                                              "buyer-email",
		"order_id,customer_id,order_purchase_timestamp,order_item_id,price\no,c,2017-10-02 10:56:33,1,2\n":                                                                                                                 "customer_unique_id",
		"order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\no1,c1,delivered,2017-10-02 10:56:33,,,,\n": "has no money; join olist_order_items_dataset",
		"order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\no1,1,p1,s1,2017-09-19 09:45:35,58.90,13.29\n":                                                                                "neither customers nor days",
	} {
		_, err := features.ParseOrders(strings.NewReader(header), "x.csv", features.OrdersOptions{})
		if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}
